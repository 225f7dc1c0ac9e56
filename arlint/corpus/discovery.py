"""`arlint corpus discover`: records in, rule files and a page to review them out.

The evidence is ``discover``'s, the files are ``templates``'; here is only the command.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--output", "-o", required=True, metavar="DIR", help="Folder for the rules (DIR/boilerplate) and the page to review them (DIR/review.html).")
@click.option("--by", "source_field", default="source", show_default=True, metavar="NAME", help="The field that says where a record comes from.")
@click.option("--text-field", "text_fields", multiple=True, metavar="NAME", help="Field that holds text. The usual names without it.")
@click.option("--id-field", metavar="NAME", help="Field that names a record; id, url and the like without it.")
@click.option("--share", type=click.FloatRange(0, 1, min_open=True), default=0.01, show_default=True, metavar="SHARE", help="The least share of a source's documents that a template is in.")
@click.option("--least", type=click.IntRange(2), default=20, show_default=True, metavar="N", help="The fewest documents of a source that a template is in.")
@click.option("--twins", is_flag=True, help="Also DIR/twins.jsonl: documents that stand twice, exact or nearly. Keeps a kilobyte of each in memory.")
@click.option("--quiet", "-q", is_flag=True, help="No line for each template.")
def discover(**options: Any) -> int:
    """Find page furniture that no list knows, by where and how often it stands in one source; proposals, nothing is changed."""
    from arlint.corpus import discover as evidence
    from arlint.corpus import store, templates
    from arlint.corpus.store import Unreachable

    if not _installed("datasketches") or (options["twins"] and not _installed("datasketch")):
        raise click.UsageError("discovery needs the extra corpus: pip install 'arlint[corpus]'")
    options["inputs"], options["output"] = [store.place(path) for path in options["inputs"]], store.place(options["output"])
    if store.remote(options["output"]):
        raise click.UsageError(f"{options['output']}: the rules are for an editor to read; name a folder of this machine")
    folder = Path(options["output"])
    if folder.is_dir() and any(folder.iterdir()):
        raise click.UsageError(f"{folder}: not empty; give a folder of its own, an editor's changes may be in this one")
    try:
        found = evidence.discover(lambda: _documents(options), options["share"], options["least"])
        made = templates.write(folder, templates.proposals(found))
        (folder / "review.html").write_text(templates.page(made), "utf-8")
        if options["twins"]:
            _twins(folder / "twins.jsonl", options)
    except Unreachable as error:
        raise click.UsageError(str(error)) from None
    written = [one for one in made if one.problem is None]
    if not options["quiet"]:
        for one in written:
            click.echo(f"{one.name}  {one.template.documents} of {one.template.of}  {' '.join(one.template.phrase.words)}")
    click.echo(f"{len(written)} rules in {folder}; read {os.path.join(options['output'], 'review.html')} before you use them")
    return 0


def _documents(options: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(source, id, text) of every record; those that cannot be read are left out."""
    from arlint.corpus import sources
    from arlint.corpus.records import batches, name
    from arlint.corpus.store import Unreachable
    from arlint.formats.records import Fields, is_title

    fields = Fields(tuple(part.strip() for text in options["text_fields"] for part in text.split(",")), options["id_field"], options["source_field"])
    inputs, seen, names = sources.find(options["inputs"]), False, ""
    for piece in sources.cut(inputs, sources.shard_size(inputs)):
        if isinstance(piece, Unreachable):
            raise piece
        for batch in batches(piece):
            for record in batch.records(fields):
                names = names or ", ".join(record.names)
                for path, text in record.texts:
                    if not is_title(path):
                        seen = True
                        yield record.source or piece.source.name, name(record, batch, piece), text
    if names and not seen:
        raise Unreachable(f"{', '.join(options['inputs'])}: no record has a text; name one of {names} with --text-field")


def _twins(path: Path, options: dict[str, Any]) -> None:
    import msgspec

    from arlint.corpus.twins import twins

    with path.open("wb") as file:
        for twin in twins(_documents(options)):
            file.write(msgspec.json.encode(twin) + b"\n")


def _installed(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None
