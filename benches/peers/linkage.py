"""Splink on the files that `jianghai bench linkage` links: seconds, memory and rightness of both, one run after the other.

    python3 -m venv peer && peer/bin/pip install 'splink==5.0.0' 'duckdb<1.5'
    jianghai bench linkage --people 1000000 --write people.csv
    peer/bin/python benches/peers/linkage.py --jianghai target/release/jianghai --runs 3 people.csv [historical-figures.csv]

Splink is given what its documentation recommends for such columns: its own name, date and postcode comparisons, term frequencies, blocking rules
that block as ours do, u from random pairs, m by expectation maximisation on three rules, connected components at the best of several thresholds.
For the historical figures the threshold is chosen on half of the people and reported on the other half, as ours is.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999]


def residents(con, path):
    con.execute(
        f"""CREATE TABLE people AS SELECT record_id AS unique_id, nullif(name, '') AS name, left(name, 1) AS surname,
            nullif(citizen_id, '') AS citizen_id, nullif(born, '') AS born, nullif(sex, '') AS sex, nullif(phone, '') AS phone,
            nullif(address, '') AS address, nullif(division, '') AS division
            FROM read_csv('{path}', header = true, all_varchar = true)"""
    )
    con.execute(
        f"""CREATE TABLE truth AS SELECT record_id AS unique_id, person AS cluster, true AS reported
            FROM read_csv('{path.removesuffix(".csv")}.truth.csv', header = true, all_varchar = true)"""
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.LevenshteinAtThresholds("name", 1).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("citizen_id", 1),
            cl.DateOfBirthComparison("born", input_is_string=True),
            cl.ExactMatch("sex"),
            cl.DamerauLevenshteinAtThresholds("phone", 1).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address", [0.95, 0.88]).configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("citizen_id"),
            block_on("name", "born"),
            block_on("phone"),
            block_on("name", "substr(born, 6)"),
            block_on("name", "substr(born, 1, 4)", "division"),
            block_on("born", "right(name, 1)"),
            block_on("born", "surname", "division", "sex"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    rules = [block_on("citizen_id"), block_on("name", "born"), block_on("phone")]
    return settings, [block_on("citizen_id"), block_on("name", "born", "phone")], rules


def figures(con, path):
    con.execute(
        f"""CREATE TABLE people AS SELECT unique_id, cluster, nullif(first_name, '') AS first_name, nullif(surname, '') AS surname,
            nullif(dob, '') AS dob, nullif(birth_place, '') AS birth_place, nullif(postcode_fake, '') AS postcode_fake,
            nullif(occupation, '') AS occupation, nullif(first_and_surname, '') AS first_name_surname_concat
            FROM read_csv('{path}', header = true, all_varchar = true)"""
    )
    con.execute("CREATE TABLE truth AS SELECT unique_id, cluster, hash(cluster) % 2 = 1 AS reported FROM people")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "surname"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake, 1, 3)", "dob"),
            block_on("substr(postcode_fake, 1, 3)", "first_name", "surname"),
            block_on("surname", "birth_place"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    rules = [block_on("first_name", "surname"), block_on("dob"), block_on("postcode_fake", "surname")]
    return settings, [block_on("first_name", "surname", "dob")], rules


def rightness(con, groups, reported):
    """Pairs put together against pairs that are one person, counted as `jianghai bench linkage` counts them."""
    right, together, one = con.execute(
        f"""WITH g AS (SELECT c.cluster_id, t.cluster, t.reported = {reported} OR {reported} IS NULL AS ours
                       FROM {groups} c JOIN truth t ON c.unique_id::text = t.unique_id::text),
             found AS (SELECT count(*) AS n, count(*) FILTER (NOT ours) AS o FROM g GROUP BY cluster_id),
             joint AS (SELECT count(*) AS n FROM g WHERE ours GROUP BY cluster_id, cluster),
             people AS (SELECT count(*) AS n FROM g WHERE ours GROUP BY cluster)
        SELECT (SELECT sum(n * (n - 1) / 2) FROM joint), (SELECT sum(n * (n - 1) / 2 - o * (o - 1) / 2) FROM found),
               (SELECT sum(n * (n - 1) / 2) FROM people)"""
    ).fetchone()
    return {"precision": right / together, "recall": right / one, "f1": 2 * right / (together + one)}


def run_splink(path):
    con = duckdb.connect()
    con.execute("SET threads = 2")
    started = time.monotonic()
    historical = "cluster" in open(path, encoding="utf-8").readline()
    settings, deterministic, rules = (figures if historical else residents)(con, path)
    api = DuckDBAPI(connection=con)
    linker = Linker(api.register("people", dataset_display_name="residents"), settings, log_level=40)
    loaded = time.monotonic()
    linker.training.estimate_probability_two_random_records_match(deterministic, recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=4e6, seed=1)
    for rule in rules:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    trained = time.monotonic()
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    predicted_at = time.monotonic()
    best, cluster_s = None, 0.0
    for threshold in THRESHOLDS:
        clustering = time.monotonic()
        groups = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
        cluster_s = max(cluster_s, time.monotonic() - clustering)
        chosen_on = rightness(con, groups.physical_name, "false" if historical else "NULL")
        if best is None or chosen_on["f1"] > best[0]["f1"]:
            best = (chosen_on, threshold, rightness(con, groups.physical_name, "true") if historical else chosen_on)
    total_s = predicted_at - started + cluster_s
    return {
        "load_s": loaded - started, "train_s": trained - loaded, "predict_s": predicted_at - trained, "cluster_s": cluster_s,
        "total_s": total_s, "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **best[2], "threshold": best[1],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jianghai", default="target/release/jianghai")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--splink-only", action="store_true", help="one run of Splink on one file, as JSON")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    if options.splink_only:
        print(json.dumps(run_splink(options.files[0])))
        return
    for path in options.files:
        commands = {
            "jianghai": [options.jianghai, "bench", "linkage", "--file", path, "--json"],
            # A process of its own, so that its peak of memory is its own.
            "splink": [sys.executable, __file__, "--splink-only", path],
        }
        found = {name: [] for name in commands}
        for _ in range(options.runs):
            for name, command in commands.items():
                out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                found[name].append(json.loads(out.strip().splitlines()[-1]))
        print(path)
        for name, runs in found.items():
            keys = ["load_s", "train_s", "predict_s", "cluster_s", "total_s", "peak_rss_mb", "precision", "recall", "f1"]
            print(f"  {name:9}", "  ".join(f"{key} {statistics.median(run[key] for run in runs):.3f}" for key in keys))


if __name__ == "__main__":
    main()
