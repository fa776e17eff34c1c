-- Patrol plans, in the police context alone: what was asked and planned as one
-- document, and every step since. Rows are added and never changed.

-- From the first local day to the one after the last.
CREATE TABLE patrol_plans (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT patrol_plans_pk PRIMARY KEY (municipality, id),
    CONSTRAINT patrol_plans_period CHECK (from_day < to_day),
    CONSTRAINT patrol_plans_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;

CREATE TABLE patrol_plan_steps (
    municipality TEXT NOT NULL,
    plan TEXT NOT NULL,
    position INTEGER NOT NULL,
    done_at INTEGER NOT NULL,
    by_role TEXT NOT NULL,
    status TEXT NOT NULL,
    CONSTRAINT patrol_plan_steps_pk PRIMARY KEY (municipality, plan, position),
    CONSTRAINT patrol_plan_steps_plan_fk FOREIGN KEY (municipality, plan) REFERENCES patrol_plans (municipality, id)
) STRICT;
