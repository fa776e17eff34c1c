-- In which language an office is written to; Swedish where nobody has said.
ALTER TABLE mail_offices ADD COLUMN language TEXT NOT NULL DEFAULT 'sv';
