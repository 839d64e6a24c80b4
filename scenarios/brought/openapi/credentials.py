"""Who sends a request: credentials, from an earlier answer or from the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scenarios.brought.names import variable_name
from scenarios.brought.openapi.description import Description
from scenarios.brought.openapi.operations import Operation
from scenarios.brought.openapi.taken import Taken
from scenarios.brought.plain import Raw, table, tables, text
from scenarios.brought.sayable import clean
from scenarios.brought.told import Own, Told
from simulator.scenario.words.rehearsal.requests import HEADER, OURS


@dataclass(slots=True)
class Credentials:
    """Gives them, and remembers what the environment has to hold."""

    description: Description
    taken: Taken
    needed: dict[str, str] = field(default_factory=dict)
    """Variables of the environment, and what each is."""
    notes: dict[str, None] = field(default_factory=dict)
    """What a person has to see to."""

    def secure(self, operation: Operation, headers: Raw, query: Raw) -> None:
        """Add them to one or the other, as the first way asks for them that the operation names."""
        ways = list(tables(asked_of(self.description, operation)))
        if not ways or {} in ways:  # an empty way: it may be asked without
            return
        components = table(self.description.root.get("components")).get("securitySchemes")
        schemes = table(self.description.root.get("securityDefinitions") or components)
        for name in ways[0]:
            self._credential(str(name), self.description.at(schemes.get(name)), headers, query)

    def _credential(self, name: str, scheme: Raw, headers: Raw, query: Raw) -> None:
        kind, way = scheme.get("type"), text(scheme.get("scheme")).lower()
        if kind == "apiKey":
            key = clean(text(scheme.get("name"))) or "X-API-Key"
            if scheme.get("in") == "cookie":
                self.notes.setdefault(
                    f"the cookie {key} is asked for: it comes from an earlier answer, or not at all"
                )
            elif scheme.get("in") == "query":
                query[key] = self._variable(key, f"the API key {key}")
            elif HEADER.fullmatch(key) and key.lower() not in OURS:
                headers[key] = self._variable(key, f"the API key {key}")
        elif kind == "basic" or way == "basic":
            value = self._variable("BASIC_CREDENTIALS", "user:password in base64").pieces
            headers["Authorization"] = Told(("Basic ", *value))
        elif kind == "mutualTLS":
            self.notes.setdefault(
                "a client's certificate is asked for: [replay] client_certificate"
            )
        else:
            token = self.taken.token() or self._variable("API_TOKEN", f"the token of {name}")
            headers["Authorization"] = Told(("Bearer ", *token.pieces))

    def _variable(self, name: str, of: str) -> Told:
        variable = variable_name(name)
        self.needed.setdefault(variable, of)
        return Told((Own(f"${{env.{variable}}}"),))


def asked_of(description: Description, operation: Operation) -> Any:
    """The ways in which an operation wants to be asked: its own, or those of all."""
    return operation.said.get("security", description.root.get("security"))
