"""What a new description of the API takes away from those who rely on the released one.

Adding is free: addresses, methods, parameters that may be left out, fields and values of answers.
Everything else breaks a client that does what the released description says.
"""

from collections.abc import Iterator
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


def breaking_changes(released: dict, current: dict) -> list[str]:
    """A line for each change that would break a client; none if there is none."""
    return list(Comparison(released, current).addresses())


class Comparison:
    def __init__(self, released: dict, current: dict):
        self.released = released
        self.current = current
        self.compared: set[tuple] = set()  # shapes may hold themselves

    def addresses(self) -> Iterator[str]:
        for path, was in self.released["paths"].items():
            now = self.current["paths"].get(path)
            if now is None:
                yield f"{path}: the address is gone"
                continue
            for method in METHODS:
                if method in was and method not in now:
                    yield f"{method.upper()} {path}: the method is gone"
                elif method in was:
                    yield from self.operation(f"{method.upper()} {path}", was[method], now[method])

    def operation(self, where: str, was: dict, now: dict) -> Iterator[str]:
        if was["operationId"] != now["operationId"]:
            yield f"{where}: it has another name, {now['operationId']}"
        if now.get("security") and not was.get("security"):
            yield f"{where}: it needs a token now"
        yield from self.parameters(where, parameters_of(was), parameters_of(now))
        yield from self.body(where, was.get("requestBody"), now.get("requestBody"))
        for status, answer in was["responses"].items():
            if status not in now["responses"]:
                if status < "400":
                    yield f"{where}: {status} is gone"
                continue
            answer = told(self.released, answer)
            other = told(self.current, now["responses"][status])
            for name in set(answer.get("headers", ())) - set(other.get("headers", ())):
                yield f"{where} {status}: the header {name} is gone"
            for media, content in answer.get("content", {}).items():
                if media not in other.get("content", {}):
                    yield f"{where} {status}: {media} is gone"
                else:
                    schema = other["content"][media]["schema"]
                    yield from self.answered(f"{where} {status}", content["schema"], schema)

    def parameters(self, where: str, was: dict, now: dict) -> Iterator[str]:
        for name, parameter in now.items():
            before = was.get(name)
            if parameter.get("required") and not (before and before.get("required")):
                yield f"{where}: the parameter {name} is needed now"
        for name, parameter in was.items():
            if name not in now:
                yield f"{where}: the parameter {name} is gone"
            else:
                schema = now[name]["schema"]
                yield from self.taken(f"{where}, {name}", parameter["schema"], schema)

    def body(self, where: str, was: dict | None, now: dict | None) -> Iterator[str]:
        if was is None:
            if now and now.get("required"):
                yield f"{where}: a body is needed now"
            return
        for media, content in was["content"].items():
            if now is None or media not in now["content"]:
                yield f"{where}: a body of {media} is not taken any more"
            else:
                schema = now["content"][media]["schema"]
                yield from self.taken(f"{where}, body", content["schema"], schema)

    def answered(self, where: str, was: dict, now: dict) -> Iterator[str]:
        """An answer may say more, but not less, and nothing of another type."""
        if not self.is_new(where, was, now):
            return
        was, now = told(self.released, was), told(self.current, now)
        if more := types_of(self.current, now) - types_of(self.released, was):
            yield f"{where}: the type is {', '.join(sorted(more))} now"
            return
        for name, field in was.get("properties", {}).items():
            if name not in now.get("properties", {}):
                yield f"{where}: the field {name} is gone"
                continue
            if name in was.get("required", ()) and name not in now.get("required", ()):
                yield f"{where}: the field {name} may be missing now"
            yield from self.answered(f"{where}.{name}", field, now["properties"][name])
        for inner in ("items", "additionalProperties"):
            if isinstance(was.get(inner), dict) and isinstance(now.get(inner), dict):
                yield from self.answered(f"{where}[]", was[inner], now[inner])
        for before in was.get("anyOf", ()):
            for after in now.get("anyOf", ()):
                if types_of(self.released, before) == types_of(self.current, after):
                    yield from self.answered(where, before, after)

    def taken(self, where: str, was: dict, now: dict) -> Iterator[str]:
        """What may be sent may become more, but not less."""
        if not self.is_new(where, was, now):
            return
        was, now = told(self.released, was), told(self.current, now)
        if less := types_of(self.released, was) - types_of(self.current, now):
            yield f"{where}: {', '.join(sorted(less))} is not taken any more"
            return
        if "enum" in now:
            for value in was.get("enum", ["other values"]):
                if value not in now["enum"]:
                    yield f"{where}: {value} is not taken any more"
        for limit, is_narrower in NARROWER.items():
            if limit in now and (limit not in was or is_narrower(was[limit], now[limit])):
                yield f"{where}: {limit} is narrower"
        for name in set(now.get("required", ())) - set(was.get("required", ())):
            yield f"{where}: the field {name} is needed now"
        for name, field in was.get("properties", {}).items():
            if name not in now.get("properties", {}):
                yield f"{where}: the field {name} is gone"
            else:
                yield from self.taken(f"{where}.{name}", field, now["properties"][name])
        if "items" in was and "items" in now:
            yield from self.taken(f"{where}[]", was["items"], now["items"])

    def is_new(self, where: str, was: dict, now: dict) -> bool:
        """Shared shapes are compared once, where they come first."""
        if "$ref" not in was or "$ref" not in now:
            return True
        pair = (was["$ref"], now["$ref"])
        if pair in self.compared:
            return False
        self.compared.add(pair)
        return True


NARROWER: dict[str, Any] = {
    "maximum": lambda was, now: now < was,
    "maxLength": lambda was, now: now < was,
    "minimum": lambda was, now: now > was,
    "pattern": lambda was, now: now != was,
}


def told(description: dict, part: dict) -> dict:
    """What a reference stands for, with what is said beside it."""
    while "$ref" in part:
        found: Any = description
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found | {name: value for name, value in part.items() if name != "$ref"}
    return part


def parameters_of(operation: dict) -> dict[str, dict]:
    return {f"{one['name']} ({one['in']})": one for one in operation.get("parameters", [])}


def types_of(description: dict, schema: dict) -> set[str]:
    """The types that a value may have; a format makes another type of it."""
    schema = told(description, schema)
    if "anyOf" in schema and "type" not in schema:
        return set().union(*(types_of(description, one) for one in schema["anyOf"]))
    types = schema.get("type", [])
    names = [types] if isinstance(types, str) else types
    if not names and "enum" in schema:
        names = ["string"]
    return {
        f"{name} ({schema['format']})" if "format" in schema and name == "string" else name
        for name in names
    }
