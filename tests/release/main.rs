//! Releases, promises and the simulator on a real store, by a clock that stands still.

#[cfg(test)]
mod held_back;
mod loop_closed;
#[cfg(test)]
mod publishing;
#[cfg(test)]
mod sotenas;
