//! How often one network may send: a token bucket per network prefix, in
//! memory only and forgotten at restart.

use crate::app;
use axum::http::HeaderMap;
use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _};
use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

/// A network prefix: an IPv4 address, or the first 64 bits of an IPv6 address.
pub type Prefix = IpAddr;

/// Limits requests per network prefix.
#[derive(Debug)]
pub struct Limiter {
    buckets: Option<DefaultKeyedRateLimiter<Prefix>>,
    proxies: Vec<IpAddr>,
}

impl Limiter {
    /// Allows `per_minute` requests a minute and prefix, all of them at once if
    /// need be; `None` allows any number. A forwarding header is believed only
    /// from `proxies`.
    pub fn new(per_minute: Option<NonZeroU32>, proxies: Vec<IpAddr>) -> Self {
        let buckets = per_minute.map(|n| DefaultKeyedRateLimiter::keyed(Quota::per_minute(n)));
        Self { buckets, proxies }
    }

    /// Whether anything is limited at all.
    pub const fn limits(&self) -> bool {
        self.buckets.is_some()
    }

    /// Takes one from the bucket of `prefix`.
    ///
    /// # Errors
    /// [`app::Error::TooMany`] with the seconds until the next one is free.
    pub fn take(&self, prefix: Prefix) -> app::Result<()> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        buckets.check_key(&prefix).map_err(|until| {
            let wait = until.wait_time_from(governor::clock::DefaultClock::default().now());
            if buckets.len() > 100_000 {
                buckets.retain_recent();
            }
            app::Error::TooMany { retry_after: wait.as_secs() + 1 }
        })
    }

    /// The network prefix that a request comes from.
    pub fn prefix(&self, peer: IpAddr, headers: &HeaderMap) -> Prefix {
        let mut client = peer;
        if self.proxies.contains(&peer) {
            let forwarded =
                headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
            let hops: Vec<IpAddr> = forwarded
                .flat_map(|v| v.split(','))
                .filter_map(|hop| hop.trim().parse().ok())
                .collect();
            // The last hop that is not one of our own proxies is the client.
            if let Some(hop) = hops.iter().rev().find(|hop| !self.proxies.contains(hop)) {
                client = *hop;
            }
        }
        match client.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let bits = u128::from(address) & (u128::MAX << 64);
                IpAddr::V6(Ipv6Addr::from(bits))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", value.parse().unwrap());
        headers
    }

    #[test]
    fn a_forwarding_header_counts_only_from_a_listed_proxy() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let limiter = Limiter::new(None, vec![proxy]);
        let forwarded = headers("203.0.113.9, 10.0.0.1");
        assert_eq!(limiter.prefix(proxy, &forwarded).to_string(), "203.0.113.9");
        let stranger: IpAddr = "198.51.100.7".parse().unwrap();
        assert_eq!(limiter.prefix(stranger, &forwarded), stranger);
    }

    #[test]
    fn one_home_with_many_ipv6_addresses_is_one_network() {
        let limiter = Limiter::new(None, Vec::new());
        let one = limiter.prefix("2001:db8:1:2:aaaa::1".parse().unwrap(), &HeaderMap::new());
        let other = limiter.prefix("2001:db8:1:2:bbbb::2".parse().unwrap(), &HeaderMap::new());
        assert_eq!(one, other);
    }

    #[test]
    fn the_request_after_the_burst_is_refused_with_a_waiting_time() {
        let limiter = Limiter::new(NonZeroU32::new(60), Vec::new());
        let prefix: IpAddr = "198.51.100.7".parse().unwrap();
        for _ in 0..60 {
            limiter.take(prefix).unwrap();
        }
        let refused = limiter.take(prefix);
        assert!(matches!(refused, Err(app::Error::TooMany { retry_after: 1..=2 })), "{refused:?}");
    }
}
