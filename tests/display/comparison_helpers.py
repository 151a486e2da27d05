"""Summaries of comparisons: digits as it was measured once, a lottery of success, and accuracies."""

WIDTHS = {"rmsprop": 1.5, "lion": 0.0}
CARD = {
    "problem": {}, "data_sha256": "", "optimizers": [], "budget": {"steps": 840, "every": 9}, "alpha": 0.05,
    "metric": "validation.loss", "goal": "min", "tune": {"seeds": [1000, 1001, 1002], "trials": 9, "extend": 4},
    "seeds": list(range(10)), "rope": 0.02, "baseline": "adam", "success": None,
}  # fmt: skip
DIGITS = (  # label, lr, loss and interval, ratio and interval, wins, p, verdict, seeds, steps and milliseconds us
    ("adamw", 0.01, (0.0907, 0.0721, 0.1140), (1.00, 0.97, 1.03), 5, 1.0, "undecided", 4800, 210, 18.9, 90),
    ("adam", 0.01, (0.0907, 0.0700, 0.1175), None, None, None, None, None, 210, 18.2, 87),
    ("nadam", 0.01, (0.0910, 0.0696, 0.1189), (1.00, 0.91, 1.11), 6, 1.0, "undecided", 4800, 189, 18.2, 96),
    ("momentum", 0.1, (0.0988, 0.0761, 0.1282), (1.09, 0.94, 1.27), 5, 0.77, "undecided", 55, 168, 9.7, 58),
    ("rmsprop", 0.00316, (0.0999, 0.0831, 0.1203), (1.10, 0.99, 1.23), 2, 0.44, "undecided", 24, 378, 27.5, 73),
    ("adagrad", 0.1, (0.1005, 0.0860, 0.1175), (1.11, 0.96, 1.28), 4, 0.63, "undecided", 36, 231, 15.2, 66),
    ("nesterov", 0.0316, (0.1066, 0.0940, 0.1209), (1.17, 1.02, 1.36), 1, 0.10, "undecided", 16, 294, 18.1, 61),
    ("sgd", 1.0, (0.1111, 0.0897, 0.1374), (1.22, 1.02, 1.47), 2, 0.20, "undecided", 18, 273, 12.6, 46),
    ("lion", 0.001, (0.1198, 0.0936, 0.1535), (1.32, 1.22, 1.44), 0, 0.0156, "worse", None, 420, 30.0, 72),
)  # fmt: skip


def versus(ratio, ci, p, wins, verdict, n=10, needs=None, difference=None):
    return {
        "ratio": ratio, "difference": difference, "ci": ci, "p": p, "p_holm": p, "wins": wins, "losses": n - wins,
        "ties": 0, "p_win": wins / n, "p_win_ci": [0.1, 0.9], "verdict": verdict, "seeds_needed": needs,
    }  # fmt: skip


def row(label, lr, loss, against=None, n=10, success=None, to_target=None, us=None, **changes):
    middle, low, high = loss
    return {
        "label": label, "type": label, "hp": {"lr": lr}, "n": n, "finished": n, "statuses": {"ok": n},
        "state_floats_per_param": 1, "test": {}, "success": success, "vs_baseline": against, "letters": "a",
        "loss": {"gmean": middle, "mean": middle, "ci": [low, high], "median": middle, "quartiles": [low, high],
                 "iqm": middle, "worst": high, "sd_log": 0.3},
        "to_target": to_target or {}, "budget_curve": {}, "warnings": [],
        "cost": {"us_per_step": us, "us_update": us, "spread": 0.1, "grad_evals_per_step": 1} if us else None,
        "lr": {"best": lr, "edge": False, "resolution": 0.5, "width_2x_decades": WIDTHS.get(label, 1.0), "cliff": 2.0},
        **changes,
    }  # fmt: skip


def digits():
    target, rows = "validation.loss<=0.15", []
    for label, lr, loss, ratio, wins, p, verdict, needs, steps, ms, us in DIGITS:
        against = versus(ratio[0], list(ratio[1:]), p, wins, verdict, needs=needs) if ratio else None
        reached = {target: {"reached": 10, "steps_median": steps, "seconds_median": ms / 1000}}
        rows.append(row(label, lr, loss, against, to_target=reached, us=us))
    lost = {"finished": 0, "statuses": {"ok": 0, "diverged": 10}}
    failed = {**versus(None, None, None, 0, "failed"), "losses": 10}
    never = {target: {"reached": 0, "steps_median": None, "seconds_median": None}}
    rows.append(row("adam_seed", 0.01, (None,) * 3, failed, to_target=never, us=80, **lost))
    rows[-1]["loss"] = {**rows[-1]["loss"], "ci": None, "quartiles": [None, None]}
    rows[-1]["lr"]["width_2x_decades"] = None
    return {
        "schema": "zen.compare/1", "name": "digits", "protocol_hash": "7f3a9c12" * 8, "looks": 1, "env": {},
        "protocol": CARD, "metric": {"name": "validation.loss", "goal": "min", "kind": "loss"}, "headline": "loss",
        "baseline": "adam", "optimisers": rows, "targets": [{"name": target, "value": 0.15}],
        "winner": {"kind": "tie", "names": [each[0] for each in DIGITS[:8]], "basis": "validation.loss/final"},
        "sentence": "No optimizer is clearly better than adam: 7 of 9 undecided, lion worse, adam_seed failed.",
        "warnings": [
            {"id": "G2", "optimiser": "sgd", "text": "lr 3.16 is 22× worse than lr 1: a fragile optimum"},
            {"id": "G3", "optimiser": "lion", "text": "only one rate of the grid lies within ×2 of the best"},
            {"id": "G6", "optimiser": "adam_seed", "text": "0/10 runs finished"},
        ],
        "pairing": {"median_corr": 0.86, "factor": 7.0},
    }  # fmt: skip


def xor():
    """Who succeeds more often: the loss is a matter of luck."""
    target = "train.loss<0.01"

    def one(label, lr, count, ci, loss, against=None):
        success = {"count": count, "of": 50, "rate": count / 50, "ci": ci, "target": target}
        steps = {target: {"reached": count, "steps_median": 55 if count > 25 else None, "seconds_median": None}}
        cost = {"us_per_step": None, "spread": 0.1, "withheld": "the machine was busy (load 2.3 on 2 cores)"}
        return row(label, lr, loss, against, 50, success, steps, cost=cost)

    rows = [
        one("momentum", 3.0, 49, [0.894, 0.9995], (1.1e-6, 8.2e-7, 2.4e-5)),
        one("rmsprop", 0.0178, 41, [0.686, 0.914], (0.00131, 0.00084, 0.0071),
            versus(48.2, [19.5, 119], 0.0117, 9, "worse", 50)),
        one("adam", 0.0949, 40, [0.663, 0.9], (0.00029, 0.0001, 0.0062),
            versus(39.1, [11.2, 136], 0.0117, 12, "worse", 50)),
        one("sgd", 10.0, 4, [0.022, 0.192], (0.167, 0.12, 0.21), versus(9180, [2220, 38000], 1e-9, 0, "worse", 50)),
    ]
    rows[3]["lr"]["edge"] = True
    return {
        **digits(), "name": "xor", "headline": "success", "baseline": "momentum", "optimisers": rows,
        "metric": {"name": "train.loss", "goal": "min", "kind": "loss"}, "targets": [{"name": target, "value": 0.01}],
        "protocol": {**CARD, "budget": {"steps": 200, "every": 2}, "seeds": list(range(50)), "success": target},
        "winner": {"kind": "winner", "names": ["momentum"], "basis": "success"}, "looks": 2,
        "sentence": "momentum succeeds most often: 49 of 50 seeds have train.loss<0.01; every rival is worse.",
        "warnings": [
            {"id": "G13", "optimiser": None, "text": "no validation rows: this compares training loss only"},
            {"id": "G10", "optimiser": None, "text": "the machine was busy (load 2.3 on 2 cores): no times are shown"},
        ],
        "pairing": {"median_corr": None, "factor": None},
    }  # fmt: skip


def accuracy():
    """Shares: differences in points."""
    rows = [
        row("adam", 0.01, (0.9712, 0.9655, 0.9769)),
        row("sgd", 1.0, (0.9634, 0.9561, 0.9707),
            versus(None, [-0.0135, -0.0021], 0.031, 1, "worse", difference=-0.0078)),
    ]
    return {
        **digits(), "optimisers": rows, "targets": [], "warnings": [],
        "metric": {"name": "validation.accuracy", "goal": "max", "kind": "share"},
        "winner": {"kind": "winner", "names": ["adam"], "basis": "validation.accuracy/final"},
        "sentence": "adam is better than sgd.",
    }  # fmt: skip
