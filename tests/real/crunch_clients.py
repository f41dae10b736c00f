"""The jobs of a Crunch user with the clients from PyPI, pycrunch and scrunch, against the sandbox at sys.argv[1].

Each line of the output names a job that went well; a job that did not ends the program.
"""

import csv
import os
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

import pycrunch
import scrunch
from pycrunch.cubes import count, fetch_cube
from pycrunch.importing import importer
from pycrunch.progress import DefaultProgressTracking

BASE = sys.argv[1]
USER, PASSWORD, OTHER = "grace@example.com", "battery staple", "pavel@example.com"

VARIABLES = {
    "age": {"name": "Age", "type": "numeric"},
    "city": {"name": "City", "type": "text"},
    "answer": {
        "name": "Answer",
        "type": "categorical",
        "categories": [
            {"id": 1, "name": "yes", "missing": False, "numeric_value": None},
            {"id": 2, "name": "no", "missing": False, "numeric_value": None},
            {"id": -1, "name": "No Data", "missing": True, "numeric_value": None},
        ],
    },
}
ROWS = [["age", "city", "answer"], [30, "Zürich", "yes"], [41.5, 'a "b", c', "no"], [None, "ไทย", "yes"]]


def same(what, have, want):
    if have != want:
        sys.exit(f"{what}: {have!r} is not {want!r}")


def done(what):
    print(what, flush=True)


tracking = DefaultProgressTracking(timeout=20, interval=0.01)
site = scrunch.connect(user=USER, pw=PASSWORD, site_url=BASE, progress_tracking=tracking)
same("the user", site.user.body.email, USER)
done("login")

same("the users", scrunch.get_user(OTHER, site).email, OTHER)
same("the account's users", USER in site.user_url.account_url.users.by("email"), True)
done("users")

same("datasets/ is empty", len(site.datasets.index), 0)
given = pycrunch.get_dataset("a/b ü", site=site.datasets and type("S", (), {"datasets": site.datasets.all}))
same("by name in datasets/all/", given.body.name, "a/b ü")
same("by name", scrunch.get_dataset("a/b ü", site).id, given.body.id)
same("by id", scrunch.get_dataset(given.body.id, site).name, "a/b ü")
done("datasets by name")

try:
    scrunch.create_dataset("nowhere", VARIABLES, site)
    sys.exit("a dataset without a project was made")
except pycrunch.ClientError as error:
    same("without a project", error.status_code, 400)
project = scrunch.get_project("市场研究", site)
fresh = scrunch.create_dataset("Survey", VARIABLES, site, project=project.url)
same("its project", fresh.project.name, "市场研究")
same("in the project", project.get_dataset("Survey").id, fresh.id)
same("no rows yet", fresh.resource.body["size"]["rows"], 0)
done("create in a project")

batch = importer.append_rows(fresh.resource, ROWS)
same("the batch", importer.wait_for_batch_status(batch, "imported").body["target_rows"], 3)
fresh.resource.refresh()
same("the rows", fresh.resource.body["size"]["rows"], 3)
by_alias = fresh.resource.variables.by("alias")
same("the numbers", by_alias["age"].entity.follow("values").value, [30, 41.5, {"?": -1}])
same("the texts", by_alias["city"].entity.follow("values").value, [row[1] for row in ROWS[1:]])
same("the answers", by_alias["answer"].entity.follow("values").value, [1, 2, 1])
alone = site.datasets.create({"body": {"name": "One column", "project": project.url}}).refresh()
batch = importer.append_rows(alone, [["only"], ["x"], [None], ["y"]])
same("one column", importer.wait_for_batch_status(batch, "imported").body["target_rows"], 3)
site.datasets.drop(alone.self)
done("append_rows")

streaming = fresh.make_streaming()
same("the streaming dataset", scrunch.get_streaming_dataset(fresh.id, site).id, fresh.id)
same("streamed", streaming.stream_rows({"age": [1, 2], "city": ["x", "y"], "answer": [2, 2]}), 2)
same("pending", streaming.resource.stream.body.pending_messages, 2)
streaming.push_rows(2)
streaming.resource.refresh()
same("the rows with the stream", streaming.resource.body["size"]["rows"], 5)
same("none pending", streaming.resource.stream.body.pending_messages, 0)
streaming.edit(streaming="no")
done("stream_rows")

dataset = scrunch.get_mutable_dataset("Survey", site, editor=True)
same("the editor", dataset.editor.email, USER)
same("the summary", dataset.resource.summary["unweighted"], {"filtered": 5, "total": 5})
old = dataset.resource.follow("summary", {"filter": '{"function": ">", "args": [{"variable": "%s"}, {"value": 30}]}' % dataset["age"].url})
same("the filtered summary", old["unweighted"]["filtered"], 1)
done("summary")

dataset.add_user(OTHER)
dataset.add_user("new@example.com", edit=True)
shared = dataset.resource.permissions.by("email")
same("shared", shared[OTHER].dataset_permissions, {"view": True, "edit": False})
same("invited", shared["new@example.com"].dataset_permissions["edit"], True)
dataset.resource.permissions.drop(shared[OTHER].entity_url)
same("taken back", OTHER in dataset.resource.permissions.by("email"), False)
done("share")

cube = fetch_cube(dataset.resource, [dataset["answer"].url], count=count())
same("the cube", cube.value.result.measures.count.data, [2, 3, 0])
same("its dimension", cube.value.result.dimensions[0].references.alias, "answer")
done("cube")

def exported(**how):
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "survey.csv")
        dataset.export(file, **how)
        with open(file, newline="", encoding="utf-8") as lines:
            return list(csv.DictReader(lines))


table = exported(variables=["city", "answer"], options={"use_category_ids": False})
same("the export", [(row["city"], row["answer"]) for row in table[:2]], [("Zürich", "yes"), ('a "b", c', "no")])
same("its size", (len(table), len(table[0])), (5, 2))
same("the filtered export", exported(filter="age > 30"), [{"age": "41.5", "city": 'a "b", c', "answer": "2"}])
done("export")

dataset.create_savepoint("before")
same("folders", sorted(dataset.folders.public.keys()), ["age", "answer", "city"])
dataset.change_settings(viewers_can_export=True)
same("settings", dataset.settings["viewers_can_export"], True)
kept = dataset.add_filter("grown up", "age > 30")
same("filters", [each.name for each in dataset.filters.values()], ["grown up"])
done("savepoint and folders and settings and filters")

dataset.delete()
try:
    scrunch.get_dataset(dataset.id, site)
    sys.exit("a dropped dataset is still there")
except KeyError:
    done("drop")
