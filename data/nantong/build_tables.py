#!/usr/bin/env python3
"""Makes the tables of Nantong that Jianghai ships out of the sources named in README.md. Run once; no network.

    pip install pypinyin==0.55.0      # MIT; only to romanise names
    python3 data/nantong/build_tables.py ../shared/data ../shared/nantong-plan-2015.txt

Writes divisions.csv, organisations.csv, service-items.csv and birth-divisions.csv. The city's own departments are
kept by hand in departments.csv, English names of odd places in names-en.csv; everything below the city comes from the statistical divisions.
"""
import csv
import pathlib
import sys

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

HERE = pathlib.Path(__file__).parent

# Readings that names of places on this coast take and general dictionaries do not.
load_single_dict({ord("栟"): "bēn", ord("苴"): "jū", ord("圩"): "wéi", ord("埭"): "dài", ord("窎"): "diào"})
load_phrases_dict({"长江": [["cháng"], ["jiāng"]], "朝阳": [["cháo"], ["yáng"]], "长沙": [["cháng"], ["shā"]]})

# Endings and what they are in English; the first that fits. The second value is the kind, the third the words kept
# out of the short name.
COMMUNITY_ENDINGS = [
    ("社区居民委员会", "Community", "居民委员会"), ("社区居民委委会", "Community", "居民委委会"),
    ("社区居委会", "Community", "居委会"), ("虚拟社区", "Area", ""), ("虚拟生活区", "Area", ""),
    ("村村委会", "Village", "村委会"), ("村委会（新）", "Village", "委会（新）"), ("村委会", "Village", "委会"),
    ("居委会", "Neighbourhood", ""), ("社区", "Community", ""), ("村", "Village", ""),
]
STREET_ENDINGS = [("街道", "Subdistrict"), ("镇", "Town"), ("乡", "Township"), ("农场", "Farm"), ("镇区", "Town Area")]
COUNTY_ENDINGS = [("开发区", "Development Zone"), ("区", "District"), ("县", "County"), ("市", "City")]
# The statistical area that GB/T 2260 does not know, and the division it belongs to there.
STATISTICAL_ONLY = {"320671": "320613"}
COUNTY_EN = {
    "320612": "Tongzhou District", "320613": "Chongchuan District", "320614": "Haimen District",
    "320623": "Rudong County", "320671": "Nantong Economic and Technological Development Area",
    "320681": "Qidong City", "320682": "Rugao City", "320685": "Hai'an City",
}


def rows_of(path):
    with open(path, encoding="utf-8-sig", newline="") as sheet:
        return list(csv.DictReader(sheet))


def write(name, header, rows):
    with (HERE / name).open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.writer(sheet, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)
    print(name, len(rows))


def roman(name):
    """Pinyin without tones in one word, as names of places are written."""
    syllables = [part for part in lazy_pinyin(name, style=Style.NORMAL, v_to_u=False, errors="ignore")]
    word = ""
    for syllable in syllables:
        word += "'" + syllable if word and syllable[0] in "aoe" else syllable
    return word.replace("v", "u").capitalize()


def english(code, name, level, given):
    """By hand where names-en.csv has it (farms and parks that pinyin would make unreadable), else from the ending."""
    if level == "county":
        return COUNTY_EN[code]
    if name in given:
        return given[name]
    for end, word in (("虚拟社区", "Area"), ("虚拟生活区", "Area"), ("社区", "Community")):
        if name.endswith(end) and name[: -len(end)] in given:
            return f"{given[name[: -len(end)]]} {word}"
    endings = [(end, word) for end, word, _ in COMMUNITY_ENDINGS] if level == "village" else STREET_ENDINGS
    for end, word in endings:
        if name.endswith(end) and len(name) > len(end):
            return f"{roman(name[:-len(end)])} {word}"
    return roman(name)


def short(name, level):
    """People say 新坝村, not 新坝村委会."""
    if level == "village":
        for end, _, dropped in COMMUNITY_ENDINGS:
            if name.endswith(end):
                return name[: len(name) - len(dropped)] if dropped else name
    return name


def divisions(source):
    level_of = {"county": "county", "street": "street", "village": "community"}
    given = {row["name"]: row["name_en"] for row in rows_of(HERE / "names-en.csv")}
    out = [["320600", "320000", "南通市", "Nantong", "南通市", "city", "320600000000", "320600"]]
    for row in rows_of(source / "nantong-divisions.csv"):
        code, name, level = row["code"], row["name"].strip(), row["level"]
        parent = "320600" if level == "county" else row["parent"]
        county = STATISTICAL_ONLY.get(code[:6], code[:6])
        out.append([code, parent, name, english(code, name, level, given), short(name, level), level_of[level],
                    code.ljust(12, "0"), county])
    write("divisions.csv", "code parent_code name name_en short_name level statistical_code gbt2260", out)
    return out


def organisations(places, plan):
    lines = plan.read_text(encoding="utf-8").splitlines()
    out = []
    for row in rows_of(HERE / "departments.csv"):
        where = row["plan_name"]
        numbers = [str(n) for n, line in enumerate(lines, 1) if where and "责任单位" in line and where in line]
        basis = f"南通市2015年智慧城市建设计划 第{'、'.join(numbers)}行" if numbers else row["basis"]
        assert basis, row
        out.append([row["code"], row["parent_code"], row["name"], row["name_en"], row["short_name"], row["kind"],
                    row["division_code"], row["opened_on"], row["closed_on"], row["successor_code"], where, basis])
    known = {row[0] for row in out}
    for code, parent, name, name_en, short_name, level, _, _ in places[1:]:
        if f"NT-{code}" in known:
            continue
        title = name
        if level == "county":
            title = f"{name}人民政府"
        elif level == "street" and name.endswith("街道"):
            title = f"{name}办事处"
        elif level == "street" and name.endswith("镇"):
            title = f"{name}人民政府"
        above = "NT" if level == "county" else f"NT-{parent}"
        out.append([f"NT-{code}", above, title, name_en, short_name, level, code, "", "", "", "", "统计用区划代码"])
    write("organisations.csv", "code parent_code name name_en short_name kind division_code opened_on closed_on "
          "successor_code plan_name source", out)


# Which department of Nantong in 2015 would have handled what the Sichuan department of today does.
HANDLED_BY = {
    "区行政审批局": "NT-ZWZX", "区人社局": "NT-RS", "区交通运输局": "NT-JTJ", "区住建局": "NT-JSJ",
    "区自然资源和规划局": "NT-GTJ", "区公安分局": "NT-GA", "区文广旅局": "NT-LYJ", "区教科体局": "NT-JYJ",
    "区卫健局": "NT-WJW", "区民政局": "NT-MZ", "区市监局": "NT-GS", "区生态环境局": "NT-HBJ", "区经信局": "NT-JXW",
    "区商务局": "NT-SWJ", "区统计局": "NT-TJJ", "区综合执法局": "NT-CGJ",
}


def service_items(source):
    out = []
    for row in rows_of(source / "service-items.csv"):
        group = "" if row["group"] == "未分类" else row["group"].strip()
        out.append([row["item_code"].strip(), row["name"].strip(), row["task_type"], group, row["department"],
                    HANDLED_BY.get(row["department"], ""), row["area_code"], "示范数据（四川省广安市广安区公开清单）"])
    write("service-items.csv", "code name kind group department organisation_code area_code note", out)


# How many of a thousand residents have a number that begins with a code of this county, by what the county has been
# called in turn. The last share goes to people who came from elsewhere.
LINEAGES = [
    (95, [("320602", 1984, 2020), ("320613", 2020, 2026)]),
    (35, [("320611", 1984, 2020), ("320613", 2020, 2026)]),
    (160, [("320624", 1984, 1993), ("320683", 1993, 2009), ("320612", 2009, 2026)]),
    (120, [("320621", 1984, 2018), ("320685", 2018, 2026)]),
    (180, [("320622", 1984, 1991), ("320682", 1991, 2026)]),
    (130, [("320623", 1984, 2026)]),
    (125, [("320625", 1984, 1994), ("320684", 1994, 2020), ("320614", 2020, 2026)]),
    (140, [("320626", 1984, 1989), ("329013", 1989, 1990), ("320681", 1990, 2026)]),
]
ELSEWHERE = 15
# Where those who came mostly came from: the weight of a province is spread over its counties of unchanged code.
PROVINCES = {"32": 400, "34": 180, "41": 100, "51": 60, "50": 30, "36": 45, "42": 45, "43": 25, "37": 45, "33": 30,
             "52": 25, "53": 15, "61": 20, "31": 25, "62": 10, "13": 10, "14": 8, "23": 8, "22": 6, "21": 8, "45": 6,
             "11": 4, "35": 8, "44": 6, "65": 3, "15": 3, "63": 1, "64": 1, "46": 1, "12": 2, "54": 1}


def birth_divisions(source):
    out = [[code, since, until, share * 1000] for share, line in LINEAGES for code, since, until in line]
    steady = {}
    for row in rows_of(source / "gbt2260-history.csv"):
        code = row["代码"]
        if row["级别"] == "县级" and row["状态"] == "在用" and int(row["启用时间"]) <= 1984 and code[:4] != "3206":
            steady.setdefault(code[:2], []).append(code)
    total = sum(PROVINCES[province] for province in steady)
    for province, codes in sorted(steady.items()):
        each = max(1, round(ELSEWHERE * 1000 * PROVINCES[province] / total / len(codes)))
        out += [[code, 1984, 2026, each] for code in codes]
    write("birth-divisions.csv", "code from_year until_year weight", out)


def main(source, plan):
    source = pathlib.Path(source)
    places = divisions(source)
    organisations(places, pathlib.Path(plan))
    service_items(source)
    birth_divisions(source)


if __name__ == "__main__":
    main(*sys.argv[1:3])
