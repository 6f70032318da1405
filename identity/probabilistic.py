def score_pairs(home, con, roles, tell):
    con.execute(
        "create or replace temp table scored_pair (record_no_l integer, record_no_r integer, match_weight double, rule varchar, evidence varchar)"
    )
    return None
