"""Autoscalers of Kubernetes: manifests as clusters hold them, and the stations that they scale."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml

from scenarios.brought.hpa.hpa import Scaled, scaled
from scenarios.brought.hpa.manifest import manifests_in
from scenarios.brought.hpa.scaler import Scaler, scaler_of
from simulator import Compiled, launch_plan
from simulator.errors import UsageError
from simulator.outcomes.figures.stations import instances
from simulator.plan.launches import play
from simulator.plan.meaning.system import system_of
from simulator.scenario.scenario import Scenario, parse
from simulator.system.stations import Autoscaler
from simulator.units import NS_PER_S
from tests.examples import examples
from tests.launches.files import changed

HEAD = """apiVersion: autoscaling/{version}
kind: HorizontalPodAutoscaler
metadata:
  name: web-hpa
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  maxReplicas: 10
"""
CPU = """  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: 60
"""
BETA_1 = """  metrics:
  - resource:
      name: cpu
      targetAverageUtilization: 70
    type: Resource
"""
CONTAINER = """  metrics:
  - type: ContainerResource
    containerResource:
      name: cpu
      container: app
      target:
        type: Utilization
        averageUtilization: 50
"""
OF_PODS = """  - type: Pods
    pods:
      metric:
        name: http_requests_per_second
      target:
        type: AverageValue
        averageValue: "100"
"""
MEMORY = """  - type: Resource
    resource:
      name: memory
      target:
        type: Utilization
        averageUtilization: 80
"""
MILLICORES = """  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: AverageValue
        averageValue: 50m
"""
V2 = HEAD.format(version="v2") + CPU
QUEUE = V2.replace("web", "queue")

SERVERS = "servers = 2"
WEB = (('"desk"', '"web"'), (SERVERS, "servers = 10\ninstances = 2"))
TOGETHER = (('"desk"', '"web"'), (SERVERS, 'servers = 40\ncost = "0.05 EUR/h"'))
MAIL = '[[station]]\nname = "mail"\nkind = "quota"\nquota = { rate = "9/s" }\nwaiting_room = 9\nservice = "1 s"\n'
TWO = '[[station]]\nname = "other"\nservers = 1\nwaiting_room = 9\nservice = "1 s"\n'


def launch(*changes: tuple[str, str]) -> Scenario:
    return parse(changed(*changes), "f")


def read(text: str, boot_ns: int = 0) -> Scaler:
    (manifest,) = manifests_in(text.encode(), "hpa.yaml")
    return scaler_of(manifest, boot_ns)


def on(
    text: str,
    scenario: Scenario,
    station: str | None = None,
    boot: str | None = "40 s",
    per_pod: int | None = None,
) -> Scaled:
    return scaled(text.encode(), "hpa.yaml", scenario, station=station, boot=boot, per_pod=per_pod)


@examples("text, target, floor",
    ("v2", V2, 0.6, 1),
    ("v2beta2", HEAD.format(version="v2beta2") + CPU, 0.6, 1),
    ("v2beta1", HEAD.format(version="v2beta1") + BETA_1, 0.7, 1),
    ("v1", HEAD.format(version="v1") + "  minReplicas: 3\n  targetCPUUtilizationPercentage: 75\n", 0.75, 3),
    ("v1 without a target", HEAD.format(version="v1"), 0.8, 1),
    ("no metrics", HEAD.format(version="v2") + "  behavior:\n    scaleUp:\n      stabilizationWindowSeconds: 0\n", 0.8, 1),
    ("one container", HEAD.format(version="v2") + CONTAINER, 0.5, 1),
    # The cluster takes the larger wish of both; pods together come before one container.
    ("both", V2 + CONTAINER.removeprefix("  metrics:\n"), 0.6, 1),
    ("after others", HEAD.format(version="v2") + "  metrics:\n" + MEMORY + CPU.removeprefix("  metrics:\n"), 0.6, 1),
    ("JSON", json.dumps(yaml.safe_load(V2)), 0.6, 1),
    ("a list", json.dumps({"kind": "List", "items": [{"kind": "Deployment"}, yaml.safe_load(V2)]}), 0.6, 1),
    ("a list of its kind", json.dumps({"kind": "HorizontalPodAutoscalerList", "items": [yaml.safe_load(V2)]}), 0.6, 1),
    ("among other documents", f"---\nkind: Service\n---\n{V2}---\n", 0.6, 1),
)  # fmt: skip
def test_a_manifest_of_each_version_is_read(text: str, target: float, floor: int) -> None:
    found = read(text)
    assert (found.target, found.floor, found.ceiling) == (target, floor, 10)


@examples("text, sentence",
    ("another kind", "kind: ScaledObject\napiVersion: keda.sh/v1alpha1\n", "holds ScaledObject; a HorizontalPodAutoscaler"),
    ("nothing", "", "holds no object of Kubernetes"),
    ("no version", V2.replace("apiVersion: autoscaling/v2\n", ""), "web-hpa is of no apiVersion; read are autoscaling/v1"),
    ("a version to come", V2.replace("autoscaling/v2", "autoscaling/v3"), "web-hpa is of autoscaling/v3"),
    ("a template", V2.replace("10", "{{ .Values.most }}"), "is a template and no manifest; render it first: helm template"),
    ("a template in quotes", V2.replace("10", '"{{ .Values.most }}"'), "maxReplicas is no whole number"),
    ("not YAML", "spec: [", "is neither JSON nor YAML that can be read"),
    ("no spec", "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n", "HorizontalPodAutoscaler has no spec"),
    ("no ceiling", V2.replace("  maxReplicas: 10\n", ""), "maxReplicas is missing"),
    ("millicores", HEAD.format(version="v2") + MILLICORES, "it scales by cpu (Resource), of which the simulator knows nothing"),
    ("requests a second", HEAD.format(version="v2") + "  metrics:\n" + OF_PODS, "it scales by http_requests_per_second (Pods), of which"),
    ("more than is requested", V2.replace("60", "150"), "aims at 150 % of the CPU that pods request"),
    ("no number", V2.replace("60", '"60"'), "the target of cpu is no whole number of per cent above 0"),
    ("nothing at rest", V2 + "  minReplicas: 0\n", "minReplicas is 0, and the simulator has no pods that wake up; write 1"),
    ("upside down", V2 + "  minReplicas: 11\n", "minReplicas is 11, above maxReplicas, which is 10"),
    ("true", V2 + "  minReplicas: true\n", "minReplicas is no whole number"),
    ("too long a window", V2 + "  behavior:\n    scaleUp:\n      stabilizationWindowSeconds: 3601\n", "is 3601, and at most 3600"),
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        read(text)
    assert sentence in str(error.value)


UP = "  behavior:\n    scaleUp:\n"
DOWN = "  behavior:\n    scaleDown:\n"
PERCENT = "      policies:\n      - type: Percent\n        value: {}\n        periodSeconds: {}\n"
PODS = "      policies:\n      - type: Pods\n        value: {}\n        periodSeconds: {}\n"


@examples("words, note",
    ("falls wait by themselves", "", "scaleDown waits 5 min (stabilizationWindowSeconds): not modelled"),
    ("falls wait a minute", f"{DOWN}      stabilizationWindowSeconds: 60\n", "scaleDown waits 1 min"),
    ("falls go slowly", DOWN + PERCENT.format(10, 60), "scaleDown waits 5 min (stabilizationWindowSeconds) and has policies of its own"),
    ("no falls", f"{DOWN}      selectPolicy: Disabled\n", "scaleDown is Disabled: not modelled"),
    ("no rises", f"{UP}      selectPolicy: Disabled\n", "scaleUp is Disabled: no pod is ever added"),
    ("rises wait for new pods", "", "here nothing is decided for 15 s after an action"),
    ("rises wait", f"{UP}      stabilizationWindowSeconds: 60\n", "scaleUp is stabilised over 1 min"),
    ("rises by few", UP + PODS.format(1, 15), "scaleUp adds at most 1 pod in 15 s: not modelled"),
    ("rises by the smaller", UP + "      selectPolicy: Min\n" + PERCENT.format(50, 15) + PODS.format(2, 30).removeprefix("      policies:\n"),
     "scaleUp adds at most 50 % in 15 s and 2 pods in 30 s"),
    ("tolerance", "", "tolerance (10 %): not modelled"),
    ("a tolerance of its own", f"{UP}      tolerance: 0.05\n", "tolerance (as the manifest says): not modelled"),
    ("what else it looks at", MEMORY + OF_PODS, "it scales by memory (Resource), http_requests_per_second (Pods) as well: not modelled"),
    ("of what pods request", "", "utilisation is of the CPU that pods request"),
)  # fmt: skip
def test_what_is_not_modelled_is_told(words: str, note: str) -> None:
    assert [each for each in read(V2 + words).notes if note in each], read(V2 + words).notes


# All servers busy, the target asks for 1 / 0.6 = 1.67 times as many pods each 15 s.
@examples("words, target, binds",
    ("the usual rises double in 15 s", "", 60, False),
    ("which is not enough for 40 %", "", 40, True),
    ("twice as many", UP + PERCENT.format(100, 15), 60, False),
    ("half as many again", UP + PERCENT.format(50, 15), 60, True),
    # (1 / 0.6) ** 4 = 7.7 times in a minute.
    ("twice as many in a minute", UP + PERCENT.format(100, 60), 60, True),
    ("nine times in a minute", UP + PERCENT.format(800, 60), 60, False),
    ("no policies are the usual ones", f"{UP}      policies: []\n", 60, False),
)  # fmt: skip
def test_policies_are_told_where_they_hold_a_rise_back(
    words: str, target: int, binds: bool
) -> None:
    notes = read(V2.replace("60", str(target)) + words).notes
    assert any(note.startswith("scaleUp adds at most") for note in notes) is binds


def test_policies_are_held_against_the_time_between_decisions() -> None:
    a_minute = V2 + UP + PERCENT.format(100, 60)
    told = [
        any(note.startswith("scaleUp adds at most") for note in read(a_minute, boot_ns).notes)
        for boot_ns in (0, 60 * NS_PER_S)
    ]
    assert told == [True, False]


def test_a_launch_that_is_far_too_large_grows_as_in_a_cluster() -> None:
    """What is asked for is ceil(pods x used / target), and no more until the new ones are measured.

    All servers are busy from the start: 2 of 1, 4 of 2, 7 of 4 and 12 of 7. The first period ends after
    15 s; each boot takes 60 s, and the next decision comes one period after it.
    """
    opening = (
        ('"desk"', '"web"'),
        (SERVERS, "servers = 10\ninstances = 1"),
        ("waiting_room = 8", "waiting_room = 1_000_000"),
        ('[["5 min", 60], ["10 min", 100]]', '[["10 s", 90_000], ["10 min", 90_001]]'),
        ('policy = "fifo"', 'policy = "open"'),
    )
    found = on(V2.replace("10", "100"), launch(*opening), boot="60 s")
    scenario = parse(changed(*opening), "f", settings=found.settings)
    plan = replace(launch_plan(scenario, seed=1, engine=None), bin_ns=15 * NS_PER_S)
    pods = instances(play(plan, Compiled(), 0), 0)[:25]
    grown = [*[1] * 5, *[2] * 5, *[4] * 5, *[7] * 5, *[12] * 5]
    assert pods.tolist() == grown


def test_annotations_of_an_old_version_are_told() -> None:
    old = HEAD.format(version="v1").replace(
        "  name: web-hpa\n",
        '  name: web-hpa\n  annotations:\n    autoscaling.alpha.kubernetes.io/metrics: "[]"\n',
    )
    assert any("annotations hold metrics" in note for note in read(old).notes)


def test_a_launch_has_the_autoscaler_that_the_cluster_has() -> None:
    """An autoscaler from 1 to 100 pods of 10, at 60 %, of which a new one works after a minute."""
    text = (SERVERS, "servers = 10\ninstances = 1")
    found = on(V2.replace("10", "100"), launch(('"desk"', '"web"'), text), boot="60 s")
    made = parse(changed(('"desk"', '"web"'), text), "f", settings=found.settings)
    assert system_of(made).stations[0].autoscaler == Autoscaler(
        every_ns=15 * NS_PER_S,
        target_thousandths=600,
        boot_ns=60 * NS_PER_S,
        cooldown_ns=75 * NS_PER_S,
        floor=1,
        ceiling=100,
    )
    assert found.said[0] == (
        "web: 1 to 100 pods of 10 servers, 1 at the opening; aims at 60 % busy, decides every 15 s, and a"
        " new pod works after 1 min"
    )
    assert all(each.startswith("note: ") for each in found.said[1:])


def test_what_stood_in_the_file_is_replaced_as_a_whole() -> None:
    own = 'autoscaler = { every = "1 min", window = "3 min", target = 0.5, boot = "90 s", cooldown = "2 min", ceiling = 4 }'
    text = changed(('"desk"', '"web"'), (SERVERS, f"servers = 10\n{own}"))
    found = on(V2, parse(text, "f"), boot=None)
    (station,) = system_of(parse(text, "f", settings=found.settings)).stations
    # How long a pod takes is no word of the manifest: the file's own stays.
    assert station.autoscaler == Autoscaler(
        every_ns=15 * NS_PER_S,
        target_thousandths=600,
        boot_ns=90 * NS_PER_S,
        cooldown_ns=105 * NS_PER_S,
        floor=1,
        ceiling=10,
    )


def test_a_rise_that_is_stabilised_comes_so_much_later() -> None:
    words = f"{UP}      stabilizationWindowSeconds: 30\n"
    found = on(V2 + words, launch(*WEB))
    made = parse(changed(*WEB), "f", settings=found.settings)
    scaler = system_of(made).stations[0].autoscaler
    assert scaler is not None
    assert (scaler.boot_ns, scaler.cooldown_ns) == (70 * NS_PER_S, 85 * NS_PER_S)


def test_nothing_is_added_where_rises_are_disabled() -> None:
    found = on(V2 + f"{UP}      selectPolicy: Disabled\n", launch(*WEB))
    made = parse(changed(*WEB), "f", settings=found.settings)
    scaler = system_of(made).stations[0].autoscaler
    assert scaler is not None
    assert (scaler.floor, scaler.ceiling) == (1, 2)


@examples("floor, count, told",
    ("as the file says", 1, 2, False),
    ("as many as there must be", 5, 5, True),
)  # fmt: skip
def test_there_are_as_many_pods_as_the_autoscaler_allows(
    floor: int, count: int, told: bool
) -> None:
    found = on(V2 + f"  minReplicas: {floor}\n", launch(*WEB))
    made = parse(changed(*WEB), "f", settings=found.settings)
    assert system_of(made).stations[0].instances == count
    assert any("does not allow" in each for each in found.said) is told


def test_what_stood_together_is_divided_among_pods() -> None:
    found = on(V2, launch(*TOGETHER), per_pod=8)
    made = parse(changed(*TOGETHER), "f", settings=found.settings)
    (station,) = system_of(made).stations
    # 40 servers are five pods of 8, and of 8 places in the waiting room each has two.
    assert (station.instances, station.servers, station.waiting_room) == (5, 8, 2)
    price = made.words.station[0].price
    assert price is not None
    assert price.per_hour == pytest.approx(8 * 0.05)


@examples("text, changes, options, sentence",
    ("how long a pod takes", V2, WEB, {"boot": None}, 'does not say how long a new pod takes until it works (image, start, readiness): add --boot "40 s"'),
    ("no duration", V2, WEB, {"boot": "40"}, '--boot: "40" has no unit'),
    ("how large a pod is", V2, TOGETHER, {}, "station.web has 40 servers and no instances: how many requests does one pod work on at the same time? add --per-pod 8"),
    ("twice how large it is", V2, WEB, {"per_pod": 8}, "--per-pod 8: station.web has 10 servers in each instance"),
    ("no such station", V2, WEB, {"station": "desk"}, "--station desk: no station of that name has servers; there is: web"),
    ("a processor of one piece", V2, (('"desk"', '"web"'), (SERVERS, 'kind = "cpu"\nservers = 9\ncores = 4')), {"station": "web"},
     "station.web says no instances: write instances, and of each its cores"),
    ("several autoscalers", f"{QUEUE}---\n{QUEUE}", WEB, {}, "holds 2 autoscalers (queue-hpa, queue-hpa), and not one alone has a station's name"),
)  # fmt: skip
def test_what_it_lacks_is_asked_for(
    text: str, changes: tuple[tuple[str, str], ...], options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(UsageError) as error:
        on(text, launch(*changes), **options)  # type: ignore[arg-type]
    assert sentence in str(error.value)


def with_another(name: str) -> Scenario:
    """Two pools and a quota."""
    return launch(
        ('"desk"', '"web"'),
        (SERVERS, "servers = 10\ninstances = 2"),
        ("[[journey]]", f"{TWO}\ninstances = 2\n{MAIL}\n[[journey]]".replace("other", name)),
        ('at = "web"', f'at = "web"\ncalls = [{{ at = "{name}" }}, {{ at = "mail" }}]'),
    )


def test_the_station_is_the_only_pool_or_the_one_that_is_meant() -> None:
    assert on(QUEUE, launch(*WEB)).station == "web"
    assert on(V2, with_another("other")).station == "web"
    assert on(f"{QUEUE}---\n{V2}", with_another("other")).station == "web"
    assert on(QUEUE, with_another("other"), station="other").station == "other"
    with pytest.raises(UsageError, match="which station is it of"):
        on(QUEUE, with_another("other"))


def test_names_of_others_are_one_line_each() -> None:
    hostile = QUEUE.replace("name: queue-hpa", 'name: "a\\nb\\u001b[31m"')
    with pytest.raises(UsageError) as error:
        on(f"{hostile}---\n{hostile}", launch(*WEB))
    assert "\n" not in str(error.value)
    assert "\x1b" not in str(error.value)
