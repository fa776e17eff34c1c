//! Releases under attack: what follows from published numbers, and what never may.

#[cfg(test)]
mod attacker;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod useful;
#[cfg(test)]
mod world;
