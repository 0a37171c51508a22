"""Holds what pandas and the Java reference read of an export against run.json, and every format against the others."""

import json
import re
import sys
from fractions import Fraction
from math import ceil
from pathlib import Path

import pandas as pd

run_file, folder, samples_csv, hlog_csv = map(Path, sys.argv[1:])
run = json.loads(run_file.read_text())
cells = {f"{c['backend']}/{c['scenario']}": c["estimates"] for c in run["cells"] if c["outcome"] == "measured"}
assert len(cells) == 4, list(cells)

parquet = pd.read_parquet(folder / "samples.parquet")
assert parquet.equals(pd.read_json(folder / "samples.ndjson", lines=True, dtype=parquet.dtypes.to_dict())), "ndjson"
assert parquet.equals(pd.read_csv(samples_csv, keep_default_na=False, dtype=parquet.dtypes.to_dict())), "raw csv"
samples = {"/".join(key): rows.latencyNs.sort_values() for key, rows in parquet.groupby(["backend", "scenario"])}
table = pd.read_csv(folder / "cells.csv", keep_default_na=False).set_index(["backend", "scenario"])

for name, estimates in cells.items():
    found = samples[name]
    assert len(found) == estimates["operations"], (name, len(found))
    assert (found.min(), found.max()) == (estimates["minNs"], estimates["maxNs"]), name
    assert float(table.loc[tuple(name.split("/")), "p50Ns"]) == estimates["p50"]["valueNs"], name
    for quantile in estimates["quantiles"]:
        # Below a thousand operations the estimator is another than that of pandas.
        if quantile["ns"] is None or len(found) < 1000:
            continue
        value = found.quantile(quantile["p"])
        assert abs(value / quantile["ns"] - 1) < 1e-9, (name, quantile, value)

worst = 0.0
java = pd.read_csv(hlog_csv)
assert set(java.tag) == set(cells), set(java.tag)
for row in java.itertuples():
    found = samples[row.tag]
    assert row.count == len(found), row
    rank = max(1, ceil(Fraction(str(row.percentile)) * len(found) / 100))
    worst = max(worst, abs(row.ns / found.iloc[rank - 1] - 1))
assert worst <= 0.001, worst
exact = dict(re.findall(r"^#\[Exact max of (\S+): (\d+) ns\]$", (folder / "run.hlog").read_text(), re.M))
assert exact == {name: str(estimates["maxNs"]) for name, estimates in cells.items()}, exact

print(f"pandas: {len(parquet)} operations in Parquet, NDJSON and CSV, quantiles as in run.json")
print(f"Java: {len(java)} percentiles of {len(cells)} histograms, at most {worst:.3%} off")
