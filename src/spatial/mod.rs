//! The index and the geofence.
