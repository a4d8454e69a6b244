"""`verbatim cluster`: what concerns the search cluster alone."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from index import serialization
from index.cli import console, messages
from index.cli.opening import open_engine
from index.cli.options import DATA, RULES, SEEDS, AsJson, Data, Rules, Seeds
from index.cli.progress import ReadingBar
from index.cluster.address import ClusterSettings
from index.cluster.connection import REPLICAS, SHARDS, Cluster, connect, create_indices
from index.cluster.inspection import ClusterStatus, find_faults, status_of
from index.errors import ClusterUnusable

cluster_commands = typer.Typer(help="Keep the index in a search cluster (docs/scaling.md).", no_args_is_help=True)


def _cluster() -> Cluster:
    settings = ClusterSettings.from_environment(os.environ)
    if settings is None:
        raise ClusterUnusable(messages.NO_CLUSTER, messages.SET_CLUSTER)
    return connect(settings)


@cluster_commands.command()
def init(
    shards: Annotated[int, typer.Option(min=1, help="Primary shards of each index.")] = SHARDS,
    replicas: Annotated[int, typer.Option(min=0, help="Further copies of each shard.")] = REPLICAS,
) -> None:
    """Create the indices that are missing."""
    created = create_indices(_cluster(), shards, replicas)
    for name in created:
        console.print_line(console.plain_console(), messages.INDEX_CREATED.format(name=name))
    if not created:
        console.print_line(console.plain_console(), messages.INDICES_THERE)


@cluster_commands.command()
def status(*, as_json: AsJson = False) -> None:
    """Show the cluster's health, and what it serves. Exit code 0: all copies are there; 1: not all."""
    found = status_of(_cluster())
    if as_json:
        serialization.print_json(found.model_dump(mode="json"))
    else:
        _print_status(found)
    raise typer.Exit(0 if found.health == "green" else 1)


def _print_status(found: ClusterStatus) -> None:
    out = console.plain_console()
    console.print_line(out, messages.CLUSTER_HEALTH.format(health=found.health, nodes=found.nodes))
    if found.generation is None:
        console.print_line(out, messages.NOTHING_PUBLISHED)
    else:
        served = messages.CLUSTER_SERVES.format(
            generation=found.generation, articles=found.articles, sentences=found.sentences
        )
        console.print_line(out, served)
    for index in found.indices:
        line = messages.CLUSTER_INDEX.format(name=index.name, documents=index.documents, megabytes=index.bytes // 10**6)
        console.print_line(out, line)


@cluster_commands.command()
def reindex(
    *,
    anew: Annotated[bool, typer.Option("--all", help="Read all articles again, and write all of them.")] = False,
    as_json: AsJson = False,
    seeds: Seeds = SEEDS,
    data: Data = DATA,
    rules: Rules = RULES,
) -> None:
    """Update the cluster from the folder of articles, and report what changed."""
    created = create_indices(_cluster())  # what is new has none of the articles
    with ReadingBar() as progress:
        report = open_engine(seeds, data, rules).reindex(progress=progress.report, anew=anew or bool(created))
    console.show_report(report, as_json=as_json)


@cluster_commands.command()
def verify(*, as_json: AsJson = False) -> None:
    """Compare the stored articles and the documents with what is served. Exit code 0: all match; 1: some do not."""
    with ReadingBar() as progress:
        faults = find_faults(_cluster(), progress.report)
    if as_json:
        serialization.print_json({"failures": faults})
    else:
        for line in faults or [messages.CLUSTER_VERIFIED]:
            console.print_line(console.plain_console(), console.printable(line))
    raise typer.Exit(1 if faults else 0)
