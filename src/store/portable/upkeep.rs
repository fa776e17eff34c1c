//! The store itself.

use super::columns::Columns;
use super::insert::INSERT_EVENTS;
use super::writer::{Command, Reply};
use super::{
    Connection, SqlStore, audit, basemaps, check, controls, embargoes, events, exposures, factors,
    feed, forwards, guardians, identity, imports, incidents, jobs, ledger, letters, measures,
