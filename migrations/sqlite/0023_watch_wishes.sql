-- What became of a resident's wish to start a watch: each row stands beside the
-- step of the report that told its sender, and is never changed. A wish that
-- was started names the watch area that came of it.
CREATE TABLE watch_wish_steps (
    municipality TEXT NOT NULL,
    report TEXT NOT NULL,
    step INTEGER NOT NULL,
    state TEXT NOT NULL,
    on_day TEXT NOT NULL,
    area TEXT,
    CONSTRAINT watch_wish_steps_pk PRIMARY KEY (municipality, report, step),
    CONSTRAINT watch_wish_steps_state CHECK (state IN ('contacted', 'started', 'not_taken_up')),
    CONSTRAINT watch_wish_steps_area CHECK ((state = 'started') = (area IS NOT NULL)),
    CONSTRAINT watch_wish_steps_step_fk FOREIGN KEY (municipality, report, step) REFERENCES status_changes (municipality, report, step),
    CONSTRAINT watch_wish_steps_area_fk FOREIGN KEY (municipality, area) REFERENCES watch_areas (municipality, id)
) STRICT;
