"""The catalogue's Turtle, read by rdflib and held to DCAT-AP 3 by pyshacl."""
import os
import pathlib
import urllib.request

import pytest
from pyshacl import validate
from rdflib import Graph, Namespace, RDF

DCAT = Namespace("http://www.w3.org/ns/dcat#")
OURS = pathlib.Path(__file__).with_name("dcat_ap.shapes.ttl")
PUBLISHED = sorted(pathlib.Path(os.environ.get("JIANGHAI_DCAT_SHAPES", "/nonexistent")).glob("*.ttl"))


@pytest.fixture(scope="module")
def catalogue():
    with urllib.request.urlopen(os.environ["JIANGHAI_URL"] + "/catalogue.ttl", timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/turtle")
        return Graph().parse(data=answer.read(), format="turtle")


@pytest.mark.parametrize("shapes", [OURS, *PUBLISHED], ids=lambda path: path.stem)
def test_the_catalogue_conforms(catalogue, shapes):
    conforms, _, text = validate(catalogue, shacl_graph=Graph().parse(shapes), advanced=True)
    assert conforms, text


def test_the_shapes_would_see_a_fault(catalogue):
    """A check that cannot fail is none: without its access URLs the same catalogue must be refused."""
    broken = Graph()
    for triple in catalogue.triples((None, None, None)):
        if triple[1] != DCAT.accessURL:
            broken.add(triple)
    conforms, _, _ = validate(broken, shacl_graph=Graph().parse(OURS), advanced=True)
    assert not conforms


def test_every_dataset_of_the_catalogue_is_described(catalogue):
    listed = set(catalogue.objects(None, DCAT.dataset))
    assert len(listed) >= 5
    assert listed == set(catalogue.subjects(RDF.type, DCAT.Dataset))
