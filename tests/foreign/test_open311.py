"""Strangers' clients of Open311: every function of georeport, a plain form that posts, and schemathesis, which calls everything.

georeport neither posts nor asks for tokens, so a plain form does. JIANGHAI_OPEN311_SWAGGER may name GeoReport v2 Swagger files
as they were published (several with the system's path separator); then the server is held to those too.
"""
import datetime
import json
import os
import pathlib
import subprocess
import sys
import uuid
import xml.etree.ElementTree as ET

import pytest
import requests
import yaml
from georeport import CityEndpoint, CityEndpoints, GeoReport

BASE = os.environ["JIANGHAI_URL"] + "/open311/v2"
JURISDICTION = "nantong.gov.cn"
PUBLISHED = [pathlib.Path(one) for one in os.environ.get("JIANGHAI_OPEN311_SWAGGER", "").split(os.pathsep) if one]
#: In 崇川.
HERE = {"lat": "32.0146", "long": "120.8617"}


@pytest.fixture(scope="module")
def key():
    found = os.environ.get("JIANGHAI_OPEN311_KEY")
    if not found:
        pytest.fail("JIANGHAI_OPEN311_KEY is not set; tests/run takes it from the demonstration")
    return found


@pytest.fixture(params=["json", "xml"])
def client(request):
    return GeoReport(BASE, jurisdiction=JURISDICTION, output_format=request.param)


def truth(value):
    """XML has no booleans."""
    return value in (True, "true")


def rows(found):
    """georeport makes a single element of XML no list."""
    return found if isinstance(found, list) else [found]


def ids(found):
    return {row["service_request_id"] for row in rows(found)}


def post(key, form="json", **fields):
    data = {"api_key": key, "jurisdiction_id": JURISDICTION, **HERE, **fields}
    return requests.post(f"{BASE}/requests.{form}", data=data, timeout=30)


def posted(key, form, **fields):
    """The id of a report that was taken."""
    answer = post(key, form, **fields)
    assert answer.status_code == 200, answer.text
    if form == "json":
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        (taken,) = answer.json()
        assert taken["service_notice"] and "token" not in taken, "an id or a token, never both"
        return taken["service_request_id"]
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    (taken,) = ET.fromstring(answer.content).findall("request")
    assert taken.find("token") is None
    return taken.find("service_request_id").text


def errors(answer, form):
    """What an answer complains of: the specification's list in either format."""
    if form == "json":
        return [(one["code"], one["description"]) for one in answer.json()]
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(answer.content)
    assert root.tag == "errors"
    return [(int(one.find("code").text), one.find("description").text) for one in root.findall("error")]


def test_services_are_listed_as_the_specification_has_them(client):
    services = client.get_service_list()
    assert len(services) > 20
    for service in services:
        assert service["service_code"] and service["service_name"] and service["type"] == "realtime"
        assert isinstance(service["keywords"], str) and service["group"] and "description" in service
        assert service["metadata"] in ((True, False) if client.output_format == "json" else ("true", "false"))
    codes = [one["service_code"] for one in services]
    assert len(set(codes)) == len(codes)
    asking = {one["service_code"] for one in services if truth(one["metadata"])}
    assert {"road-damage", "noise", "street-light", "consumer"} <= asking


def test_every_service_has_a_definition_and_those_with_metadata_ask_something(client):
    for service in client.get_service_list():
        definition = client.get_service_definition(service["service_code"])
        assert definition["service_code"] == service["service_code"]
        attributes = definition["attributes"] or []
        asked = rows(attributes["attribute"]) if isinstance(attributes, dict) else attributes
        assert bool(asked) == truth(service["metadata"]), service["service_code"]
        assert [int(one["order"]) for one in asked] == list(range(1, len(asked) + 1))
        for one in asked:
            assert one["code"] and one["description"] and one["datatype_description"]
            assert truth(one["variable"]) and one["required"] in (True, False, "true", "false")
            values = one.get("values")
            values = rows(values["value"]) if isinstance(values, dict) else values
            assert bool(values) == one["datatype"].endswith("valuelist")
            assert all(value["key"] and value["name"] for value in values or [])


def test_a_report_is_posted_read_back_and_listed(client, key):
    words = f"路面塌陷 <{uuid.uuid4()}> & 积水"
    extra = {"description": words, "attribute[size]": "lane", "address_string": "人民中路", "phone": "13912345678"}
    number = posted(key, client.output_format, service_code="road-damage", **extra)
    one = client.get_service_request(number)
    assert one["service_request_id"] == number and one["status"] == "open"
    assert one["service_code"] == "road-damage" and one["service_name"] and one["description"]
    assert abs(float(one["lat"]) - 32.0146) < 1e-9 and abs(float(one["long"]) - 120.8617) < 1e-9
    assert one["address"] == "人民中路"
    for moment in ("requested_datetime", "updated_datetime"):
        assert datetime.datetime.fromisoformat(one[moment]).utcoffset() == datetime.timedelta(hours=8)
    assert words not in str(one) and "13912345678" not in str(one)
    assert number in ids(client.get_service_requests(service_code="road-damage", status="open"))
    again = posted(key, client.output_format, service_code="road-damage", **extra)
    assert again == number, "the same report sent again became another case"


def test_each_argument_of_a_question_narrows_what_is_found(client, key):
    form = client.output_format
    noise = posted(key, form, service_code="noise", description=f"夜间施工 {uuid.uuid4()}")
    waste = posted(key, form, service_code="waste", description=f"垃圾满溢 {uuid.uuid4()}")
    assert ids(client.get_service_requests(service_request_id=noise)) == {noise}
    assert ids(client.get_service_requests(service_request_id=f"{noise},{waste}")) == {noise, waste}
    overridden = client.get_service_requests(f"{noise},{waste}", service_code="waste", status="closed")
    assert ids(overridden) == {noise, waste}, "ids override every other argument"
    both = rows(client.get_service_requests(service_code="noise,waste"))
    assert {noise, waste} <= ids(both) and {row["service_code"] for row in both} == {"noise", "waste"}
    assert {row["status"] for row in rows(client.get_service_requests(status="open"))} == {"open"}
    assert {row["status"] for row in rows(client.get_service_requests(status="closed"))} == {"closed"}
    assert {row["status"] for row in rows(client.get_service_requests(status="open,closed"))} == {"open", "closed"}
    since = client.get_service_request(noise)["requested_datetime"]
    until = (datetime.datetime.fromisoformat(since) + datetime.timedelta(minutes=10)).isoformat()
    recent = rows(client.get_service_requests(start_date=since, end_date=until))
    assert {noise, waste} <= ids(recent)
    assert all(since <= row["requested_datetime"] <= until for row in recent)
    earlier = client.get_service_requests(end_date=since.replace("+08:00", "Z"))
    assert noise in ids(earlier), "Z is a zone as good as +08:00, and eight hours later"
    with pytest.raises(requests.HTTPError) as refused:
        client.get_service_requests(start_date="2020-01-01T00:00:00Z", end_date="2020-12-31T00:00:00Z")
    assert refused.value.response.status_code == 400, "more than ninety days"


def test_a_city_of_the_clients_list_is_asked_by_its_name(monkeypatch, key):
    there = CityEndpoint(name="Nantong", root_address=BASE + "/", jurisdiction=JURISDICTION)
    monkeypatch.setitem(CityEndpoints._cities, "Nantong", there)
    assert "Nantong" in CityEndpoints.list_cities()
    for form in ("json", "XML"):
        client = GeoReport.from_city("Nantong", api_key=key, output_format=form)
        assert len(client.get_service_list()) > 20


def test_a_client_that_names_no_jurisdiction_is_served(key):
    client = GeoReport(BASE, api_key=key)
    assert len(client.get_service_list()) > 20
    number = posted(key, "json", jurisdiction_id="", service_code="noise", description=f"噪声 {uuid.uuid4()}")
    assert client.get_service_request(number)["service_request_id"] == number


def test_a_report_stands_alone_where_the_published_swagger_has_it(key):
    number = posted(key, "json", service_code="noise", description=f"噪声 {uuid.uuid4()}")
    (listed,) = requests.get(f"{BASE}/requests/{number}.json", timeout=30).json()
    assert requests.get(f"{BASE}/request/{number}.json", timeout=30).json() == listed
    alone = ET.fromstring(requests.get(f"{BASE}/request/{number}.xml", timeout=30).content)
    assert alone.tag == "request" and alone.find("service_request_id").text == number


@pytest.mark.parametrize("form", ["json", "xml"])
def test_an_error_is_the_specifications(form, key):
    def get(path, **query):
        return requests.get(f"{BASE}/{path}", params=query, timeout=30)

    refused = [
        (404, get(f"services/no-such-service.{form}")),
        (404, get(f"services.{form}", jurisdiction_id="elsewhere.gov")),
        (404, get(f"requests/no-such-request.{form}")),
        (404, get(f"request/no-such-request.{form}")),
        (404, get(f"tokens/no-such-token.{form}")),
        (404, get(f"nothing.{form}")),
        (404, requests.post(f"{BASE}/nothing.{form}", data={"a": "b"}, timeout=30)),
        (400, get(f"requests.{form}", status="done")),
        (400, get(f"requests.{form}", start_date="soon")),
        (403, post("jho_wrong", form, service_code="noise")),
        (403, post("", form, service_code="noise")),
        (404, post(key, form, service_code="no-such-service")),
        (404, post(key, form, service_code="noise", jurisdiction_id="elsewhere.gov")),
        (400, post(key, form)),
        (400, post(key, form, service_code="noise", long="")),
        (400, post(key, form, service_code="noise", lat="", long="")),
        (400, post(key, form, service_code="consumer")),
    ]
    for status, answer in refused:
        assert answer.status_code == status, f"{answer.url}: {answer.text}"
        told = errors(answer, form)
        assert told and all(code == status and words for code, words in told), f"{answer.url}: {answer.text}"


def test_georeport_raises_what_was_refused(client):
    for call in (client.get_service_definition, client.get_service_request):
        with pytest.raises(requests.HTTPError) as refused:
            call("no-such-thing")
        assert refused.value.response.status_code == 404
        assert errors(refused.value.response, client.output_format)[0][0] == 404


def test_discovery_leads_here():
    found = requests.get(f"{BASE}/discovery.json", timeout=30).json()
    endpoint = found["endpoints"][0]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert set(endpoint["formats"]) == {"text/xml", "application/json"}
    tree = ET.fromstring(requests.get(f"{BASE}/discovery.xml", timeout=30).content)
    assert tree.find("endpoints/endpoint/url").text == endpoint["url"]


def schemathesis(tmp_path, config, location, *options):
    written = tmp_path / "schemathesis.toml"
    written.write_text(config)
    command = [
        os.path.join(os.path.dirname(sys.executable), "schemathesis"), "--config-file", str(written), "run", str(location),
        "--url", BASE, "--max-examples", "25", "--seed", "2015", "--generation-database", "none",
        # One worker: see test_openapi.py.
        "--workers", "1", *options,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, (done.stdout + done.stderr)[-8000:]


#: What no schema can say, so that what keeps to the schema is rightly refused all the same: that two dates lie at most ninety days
#: apart, that latitude comes with longitude, and where the city ends.
BEYOND_SCHEMAS = "".join(
    f'[[operations]]\ninclude-name = "{name}"\n[operations.checks]\npositive_data_acceptance.enabled = false\n'
    for name in (
        "GET /requests.{format}", "POST /requests.{format}",
        "GET /requests.{response_format}", "POST /requests.{response_format}",
    )
)


@pytest.mark.parametrize("who", ["stranger", "program"])
def test_our_own_description_holds(tmp_path, key, who):
    """Every check that schemathesis knows by default."""
    known = f'[parameters]\n"query.jurisdiction_id" = "{JURISDICTION}"\n"body.api_key" = "{key}"\n'
    schemathesis(tmp_path, (known if who == "program" else "") + BEYOND_SCHEMAS, f"{BASE}/openapi.json")


def published(path):
    """A published file. One of them has a tab in an empty line, which is no YAML, and none is read before it is gone."""
    document = yaml.load(path.read_text().replace("\t", ""), Loader=yaml.BaseLoader)
    return json.loads(json.dumps(document), object_hook=lambda one: {
        name: value == "true" if name == "required" and value in ("true", "false") else value for name, value in one.items()
    })


def reconciled(document):
    """A published file, where it contradicts itself or the specification's text, brought to the latter.

    - It declares no refusal for three of its six operations, and 401 where the text says 404. The text: "The HTTP error codes
      should always be 404 for resources that don't exist, 403 for errors because of wrong or missing api_key and basically 400
      for any other error", as a list of codes and descriptions.
    - One file has `keywords` as an array; its own example, the other files and the text have "A comma separated list".
    - Of empty arguments nobody says anything. Forms send them, and here they are as good as none.
    """
    told = {"code": {"type": "integer"}, "description": {"type": "string"}}
    one = {"type": "object", "required": list(told), "properties": told}
    refusal = {"description": "Errors", "schema": {"type": "array", "minItems": 1, "items": one}}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"] |= {status: refusal for status in ("400", "403", "404")}
            for parameter in operation["parameters"]:
                if parameter.get("in") == "query" and not parameter["required"]:
                    parameter["allowEmptyValue"] = True
    document["definitions"]["Service"]["properties"]["keywords"] = {"type": "string"}
    return document


@pytest.mark.skipif(not PUBLISHED, reason="JIANGHAI_OPEN311_SWAGGER names no file")
@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
@pytest.mark.parametrize("reading", ["as it is", "reconciled"])
def test_the_published_description_holds(tmp_path, key, form, path, reading):
    """As it is, by the checks that it lets any server pass; brought to the specification's text, by every check."""
    number = posted(key, "json", service_code="noise", description=f"噪声 {uuid.uuid4()}")
    config = (
        f'[parameters]\njurisdiction_id = "{JURISDICTION}"\nresponse_format = "{form}"\napi_key = "{key}"\n'
        f'service_code = "noise"\n"path.service_request_id" = "{number}"\n'
    )
    document, options = published(path), []
    if reading == "reconciled":
        document = reconciled(document)
        config += BEYOND_SCHEMAS
    else:
        options = ["--checks", "not_a_server_error,content_type_conformance"]
    written = tmp_path / "published.json"
    written.write_text(json.dumps(document))
    schemathesis(tmp_path, config, written, *options)
