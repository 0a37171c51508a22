"""Holds what pandas and the Java reference read of an export against run.json, and every format against the others."""

import json
import re
import sys
from fractions import Fraction
from math import ceil
from pathlib import Path

import pandas as pd



def spread(name, found, quantiles):
    """Below a thousand operations the estimator is another than that of pandas."""
    for quantile in quantiles if len(found) >= 1000 else ():
        value = found.quantile(quantile["p"])
        assert quantile["ns"] is None or abs(value - quantile["ns"]) <= 1e-9 * value, (name, quantile, value)


run_file, folder, samples_csv, hlog_csv = map(Path, sys.argv[1:])
run = json.loads(run_file.read_text())
cells = [cell for cell in run["cells"] if cell["outcome"] == "measured"]
assert len(cells) == 14, [(c["backend"], c["scenario"], c["outcome"]) for c in run["cells"]]

parquet = pd.read_parquet(folder / "samples.parquet")
types = parquet.dtypes.to_dict()
assert parquet.equals(pd.read_json(folder / "samples.ndjson", lines=True, dtype=types)[parquet.columns]), "ndjson"
text = {"keep_default_na": False, "na_values": {"waitNs": ""}}
assert parquet.equals(pd.read_csv(samples_csv, dtype=types, **text)), "raw csv"
table = pd.read_csv(folder / "cells.csv", keep_default_na=False)
table = table[table.outcome == "measured"]
groups = {key: rows for key, rows in parquet.groupby(["backend", "scenario", "load"])}
assert set(groups) == set(zip(table.backend, table.scenario, table.load)), set(groups)

# What Java is held against: values by tag, sorted.
values, exact = {}, {}
for cell, row in zip(cells, table.itertuples()):
    name, estimates = (row.backend, row.scenario, row.load), cell["estimates"]
    found = groups[name].latencyNs.sort_values()
    tag = "/".join(part for part in name if part != "closed")
    values[tag], exact[tag] = found, str(estimates["maxNs"])
    assert (row.backend, row.scenario) == (cell["backend"], cell["scenario"]), row
    assert len(found) == estimates["operations"], (name, len(found))
    assert (found.min(), found.max()) == (estimates["minNs"], estimates["maxNs"]), name
    assert float(row.p50Ns) == estimates["p50"]["valueNs"], name
    spread(name, found, estimates["quantiles"])
    response = estimates["response"]
    assert (response is None) == groups[name].waitNs.isna().all(), name
    if response is not None and response["unissued"] == 0:
        whole = (groups[name].latencyNs + groups[name].waitNs).sort_values()
        spread(name, whole, response["quantiles"])
        values[f"{tag}/response"], exact[f"{tag}/response"] = whole, str(int(whole.max()))

worst = 0.0
java = pd.read_csv(hlog_csv)
assert set(java.tag) == set(values), set(java.tag) ^ set(values)
for row in java.itertuples():
    found = values[row.tag]
    assert row.count == len(found), row
    rank = max(1, ceil(Fraction(str(row.percentile)) * len(found) / 100))
    if found.iloc[rank - 1] == 0:
        assert row.ns == 0, row
    else:
        worst = max(worst, abs(row.ns / found.iloc[rank - 1] - 1))
assert worst <= 0.001, worst
told = dict(re.findall(r"^#\[Exact max of (\S+): (\d+) ns\]$", (folder / "run.hlog").read_text(), re.M))
assert told == exact, (told, exact)

print(f"pandas: {len(parquet)} operations in Parquet, NDJSON and CSV, quantiles as in run.json")
print(f"Java: {len(java)} percentiles of {len(values)} histograms, at most {worst:.3%} off")
