"""What the operator's folder changes, and whether all of it can be used: asked before the services are started anew."""

import difflib
from pathlib import Path

import click

from shared.body_data import BadData, KeptFile, Tree
from shared.body_data.tree import read_tree
from shared.clock import today
from shared.settings import settings

WELL, WRONG = 0, 1
MOST_LINES = 60
"""Of what changed in a file."""


@click.command("check-data")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
def check_data(folder: Path | None) -> None:
    """Check schemes, holidays and codes in FOLDER (else KOMPETEN_BODY_DATA_DIR) together with those shipped.

    Lists each file with what it changes. Ends with 1 when something cannot be used, and says where and what to do.
    """
    from kompeten.body_data import list_data_files
    from shared.body_data.checking import list_faults

    try:
        tree = read_tree(folder or settings().body_data_dir)
        faults = list_faults(tree, list_data_files())
    except BadData as bad:
        tree, faults = None, bad.faults
    if tree is not None:
        packaged = read_tree(None)
        for file in tree.files.values():
            click.echo(_line(file, packaged.files.get(file.name)))
    for fault in faults:
        click.echo(f"WRONG {fault}")
    if tree is None or faults:
        click.echo(f"\n{len(faults)} wrong: mend these lines and check again; nothing was changed in a running system")
        click.get_current_context().exit(WRONG)
    for warning in _list_warnings(tree, packaged):
        click.echo(f"\nWARNING {warning}")
    click.echo(f"\nall can be used, digest {tree.digest[:12]}; services read it when they are started anew")
    click.get_current_context().exit(WELL)


def _line(file: KeptFile, packaged: KeptFile | None) -> str:
    """The file, where it is from, and what it changes of the shipped one."""
    line = f"{file.name}\t{file.sha256[:12]}"
    if not file.own:
        return f"{line}\tas shipped"
    if packaged is None:
        return f"{line}\tnew, {file.path}"
    if packaged.text == file.text:
        return f"{line}\tthe same as shipped, {file.path}"
    changes = [
        one
        for one in difflib.unified_diff(packaged.text.splitlines(), file.text.splitlines(), lineterm="", n=0)
        if one[:3] not in ("---", "+++") and not one.startswith("@@")
    ]
    shown = [f"    {one}" for one in changes[:MOST_LINES]]
    more = [f"    and {len(changes) - MOST_LINES} lines more"] if len(changes) > MOST_LINES else []
    return "\n".join([f"{line}\tchanged, {file.path}", *shown, *more])


def _list_warnings(tree: Tree, packaged: Tree) -> list[str]:
    """What can be used and should be looked at all the same."""
    from shared.body_data.holidays import find_end_of_holidays

    found = []
    if (ends_on := find_end_of_holidays(today(), tree)) is not None:
        found.append(
            f"holidays.yaml ends on {ends_on}: put in the days announced for the next year, else time limits after"
            " that day are estimates"
        )
    shipped = {file.name: file for file in packaged.schemes}
    found += [
        f"{file.name} changes a version that people may have applied under (R27): give what is new a version of its own"
        for file in tree.schemes
        if file.name in shipped and file.text != shipped[file.name].text
    ]
    return found
