"""Takes each call of ``msgspec.structs.replace`` that mypy sees; gives it the names and types of the fields that can be
replaced, as a dataclass has them."""

from __future__ import annotations

from collections.abc import Callable

from mypy.expandtype import expand_type_by_instance
from mypy.nodes import ARG_NAMED_OPT, ARG_POS, Var
from mypy.plugin import FunctionSigContext, Plugin
from mypy.types import FunctionLike, Instance, Type, TypeVarType, get_proper_type


class TypedReplace(Plugin):
    """A plugin of mypy; a union is taken for what all of its members allow nobody to say, and left as it is."""

    def get_function_signature_hook(self, fullname: str) -> Callable[[FunctionSigContext], FunctionLike] | None:
        """Return the hook for ``replace`` alone."""
        return _signature if fullname == "msgspec.structs.replace" else None


def _signature(context: FunctionSigContext) -> FunctionLike:
    """Return ``replace`` as it is for the struct that is given."""
    signature = context.default_signature
    (given,) = context.args[0]
    struct = get_proper_type(context.api.get_expression_type(given))
    if isinstance(struct, TypeVarType):
        struct = get_proper_type(struct.upper_bound)
    if not isinstance(struct, Instance):
        return signature
    fields = _fields(struct)
    return signature.copy_modified(
        arg_types=[signature.arg_types[0], *fields.values()],
        arg_kinds=[ARG_POS, *(ARG_NAMED_OPT for _ in fields)],
        arg_names=[None, *fields],
    )


def _fields(struct: Instance) -> dict[str, Type]:
    """Return the type of each field, by its name."""
    found: dict[str, Type] = {}
    for each in struct.type.metadata.get("dataclass", {}).get("attributes", ()):
        symbol = struct.type.get(each["name"])
        if symbol is not None and isinstance(symbol.node, Var) and symbol.node.type is not None:
            found[each["name"]] = expand_type_by_instance(symbol.node.type, struct)
    return found


def plugin(_version: str) -> type[Plugin]:
    """Give mypy the plugin."""
    return TypedReplace
