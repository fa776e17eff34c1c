//! Pages for residents and the public, rendered on the server.
