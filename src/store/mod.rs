//! What is remembered: one small trait per aggregate, SQL once for both engines.
