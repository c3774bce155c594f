"""The document says what is asked, who may ask, and how it may be refused."""

from flask.testing import FlaskClient


def test_the_document_is_openapi_3_1_with_full_paths(client: FlaskClient) -> None:
    document = client.get("/tiny/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    assert "/tiny/api/notes/{id}" in document["paths"]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_each_operation_says_who_may_use_it(client: FlaskClient) -> None:
    paths = client.get("/tiny/openapi.json").get_json()["paths"]
    assert paths["/tiny/api/notes"]["post"]["x-roles"] == ["applicant"]
    assert paths["/tiny/api/notes"]["get"]["x-roles"] == ["signed-in"]
    assert paths["/tiny/api/notes"]["post"]["security"] == [{"token": []}]
    assert "security" not in paths["/tiny/api/broken"]["post"]
    assert paths["/tiny/api/forgotten"]["post"]["x-roles"] == []


def test_every_post_takes_an_idempotency_key_and_nothing_else_does(client: FlaskClient) -> None:
    paths = client.get("/tiny/openapi.json").get_json()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            headers = [one for one in operation.get("parameters", []) if one["in"] == "header"]
            assert (len(headers) == 1) is (method == "post"), (method, path)
            if headers:
                assert (headers[0]["name"], headers[0]["required"]) == ("Idempotency-Key", False)
                assert headers[0]["schema"]["minLength"] == 16


def test_errors_are_declared_as_problems(client: FlaskClient) -> None:
    document = client.get("/tiny/openapi.json").get_json()
    responses = document["paths"]["/tiny/api/notes"]["post"]["responses"]
    for status in ("400", "401", "403", "409", "413", "415", "422"):
        assert list(responses[status]["content"]) == ["application/problem+json"]
    assert {"type", "title", "status", "detail", "code", "errors"} <= set(
        document["components"]["schemas"]["Problem"]["properties"]
    )


def test_every_reference_in_the_document_leads_somewhere(client: FlaskClient) -> None:
    document = client.get("/tiny/openapi.json").get_json()
    schemas = document["components"]["schemas"]

    def references(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for item in value.values() for found in references(item)]
        return [found for item in value for found in references(item)] if isinstance(value, list) else []

    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas
