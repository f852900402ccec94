"""What changes about a guard post: post change, post retire. The group itself stands in desk/cli/people.py."""

from __future__ import annotations

from dataclasses import asdict

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.people import post
from desk.cli.signing import must_agree, yes_option
from desk.cli.spoken import SpokenCommand, mark


@post.command(
    "change", cls=SpokenCommand, help=mark("Give a post other watches from now on; the past stays as it was.")
)
@click.argument("code", metavar="POST")
@click.option(
    "--watch",
    "watches",
    multiple=True,
    required=True,
    metavar="HH:MM-HH:MM=N[@DAYS]",
    help=mark("Guards needed; DAYS as mon-fri, sat,sun, holiday or tet. May be repeated."),
)
@as_json
@click.pass_obj
def change(asked: Asked, code: str, watches: tuple[str, ...], as_json: bool) -> Exit:
    """Change what a post needs."""
    from archive import posts
    from desk import administering

    wanted = [posts.read_watch(each) for each in watches]
    with asked.office() as office:
        made = administering.change_post(office, "", code, wanted)
    if as_json:
        asked.say_json(asdict(made))
    else:
        asked.say(f"{made.code}  {made.name}  {', '.join(str(each) for each in made.watches)}")
    return Exit.OK


@post.command("retire", cls=SpokenCommand, help=mark("Give a post up: from now on it needs no guard."))
@click.argument("code", metavar="POST")
@yes_option
@as_json
@click.pass_obj
def retire(asked: Asked, code: str, yes: bool, as_json: bool) -> Exit:
    """Retire a post."""
    from desk import administering

    must_agree(
        asked, asked.t("Give post {post} up, so that nobody guards it?", post=code.upper()), yes=yes, as_json=as_json
    )
    with asked.office() as office:
        left = administering.retire_post(office, "", code)
    if as_json:
        asked.say_json(asdict(left))
    else:
        asked.say(asked.t("Post {post} needs no guard from now on.", post=left.code))
    return Exit.OK


COMMANDS: tuple[click.Command, ...] = (post,)
