"""The commands ``takecover webhook ...`` and ``takecover push-keys``: they parse, call a workflow and print."""

from __future__ import annotations

from typing import Annotated

import typer

from takecover.cli_actor import As, actor_with
from takecover.cli_errors import reported
from takecover.cli_journal import Address, opened_journal

webhook_app = typer.Typer(no_args_is_help=True, help="Tell systems of others of each notice, signed.")

Webhook = Annotated[str, typer.Argument(help="Id of the webhook, as the list shows it.")]


@webhook_app.command()
def add(
    url: Annotated[str, typer.Argument(help="https address that is posted to.")],
    exercise: Annotated[
        bool, typer.Option("--exercise", help="Tell it of exercises, and of nothing that is real.")
    ] = False,
    by: As = "",
    journal: Address = None,
) -> None:
    """Tell a system of notices from now on, and print the key by which it knows that they are ours."""
    with reported(), opened_journal(journal) as opened:
        from takecover import settings
        from takecover.store.opening import server_time
        from takecover.workflow.live.subscribing import add_webhook

        actor = actor_with(opened, by, "set_webhooks")
        hook, secret = add_webhook(opened, settings.read(), url, exercise, actor, server_time())
        typer.echo(f"Added {hook.target_id}. Its key, shown this once: {secret}")


@webhook_app.command("list")
def show(journal: Address = None) -> None:
    """List the webhooks: id, world, since when, address."""
    with reported(), opened_journal(journal, is_read_only=True) as opened:
        from takecover.model.event_fields import write_moment
        from takecover.store.outbox import Outbox

        for each in Outbox(opened.place).webhooks():
            world = "exercise" if each.is_exercise else "real"
            typer.echo(f"{each.target_id}  {world:<8}  {write_moment(each.since)}  {each.url}")


@webhook_app.command()
def remove(webhook: Webhook, by: As = "", journal: Address = None) -> None:
    """Tell a system nothing more."""
    with reported(), opened_journal(journal) as opened:
        from takecover.store.opening import server_time
        from takecover.workflow.live.subscribing import remove_webhook

        remove_webhook(opened, webhook, actor_with(opened, by, "set_webhooks"), server_time())
        typer.echo(f"Removed {webhook}.")


@webhook_app.command("test")
def trial(webhook: Webhook, journal: Address = None) -> None:
    """Post a signed message that says that it is a test, and print what came back."""
    with reported(), opened_journal(journal, is_read_only=True) as opened:
        from takecover import settings
        from takecover.errors import SourceError
        from takecover.store.opening import server_time
        from takecover.workflow.live.subscribing import try_webhook

        status = try_webhook(opened, settings.read(), webhook, server_time())
        if not 200 <= status < 300:
            raise SourceError(f"{webhook}: answered {status}. Look at the other side.")
        typer.echo(f"Answered {status}.")


def push_keys() -> None:
    """Make the keys of Web Push: a private one for the server alone, and the public one that browsers see."""
    with reported():
        from takecover import settings
        from takecover.feeds import webpush

        key = webpush.made_key()
        public = webpush.Sender(key, "mailto:nobody@takecover.invalid").public_key
        typer.echo(f"{settings.PUSH_KEY}={key}")
        typer.echo(f"# The public key, for browsers; the server tells it: {public}")
