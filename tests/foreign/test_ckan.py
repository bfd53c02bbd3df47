"""A stranger's ckanapi reads the catalogue without knowing that it is not CKAN."""
import os

import pytest
from ckanapi import NotFound, RemoteCKAN


@pytest.fixture(scope="module")
def ckan():
    with RemoteCKAN(os.environ["JIANGHAI_URL"], user_agent="ckanapi") as remote:
        yield remote


def test_every_listed_package_is_shown(ckan):
    names = ckan.action.package_list()
    assert len(names) >= 5
    for name in names:
        shown = ckan.action.package_show(id=name)
        assert shown["name"] == name
        assert shown["title"]
        assert shown["organization"]["title"]
        assert shown["resources"], f"{name} offers nothing to download"


def test_a_search_in_chinese_finds_what_it_should(ckan):
    found = ckan.action.package_search(q="行政区划")
    assert found["count"] >= 1
    assert any("区划" in package["title"] for package in found["results"])
    assert ckan.action.package_search(q="没有这样的数据集合呀呀")["count"] == 0


def test_a_search_pages(ckan):
    first = ckan.action.package_search(rows=2, start=0)["results"]
    second = ckan.action.package_search(rows=2, start=2)["results"]
    assert len(first) == 2
    assert not {p["name"] for p in first} & {p["name"] for p in second}


def test_organizations_are_listed_and_shown(ckan):
    names = ckan.action.organization_list()
    assert names
    shown = ckan.action.organization_show(id=names[0])
    assert shown["title"]


def test_an_unknown_package_is_not_found(ckan):
    with pytest.raises(NotFound):
        ckan.action.package_show(id="no-such-package")


def test_get_works_as_well_as_post(ckan):
    assert ckan.call_action("package_list", requests_kwargs={"verify": False}) == ckan.action.package_list()
