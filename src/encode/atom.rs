//! Atom feeds (RFC 4287): what is new, for whoever wants to follow without leaving an address.

use atom_syndication::{Entry, Feed, Link, Person, Text};
use jiff::Timestamp;

/// A feed.
#[derive(Debug, Clone)]
pub struct News {
    /// Title.
    pub title: String,
    /// What the feed is about, in a sentence.
    pub subtitle: String,
    /// Address of the page that says the same.
    pub page: String,
    /// Address of the feed, which is its identity.
    pub address: String,
    /// Code of its language.
    pub language: String,
    /// Organisation that publishes it.
    pub author: String,
    /// Its entries, the newest first.
    pub entries: Vec<NewsEntry>,
}

/// One entry of a feed.
#[derive(Debug, Clone)]
pub struct NewsEntry {
    /// Address of the entry, which is its identity for good.
    pub address: String,
    /// Title.
    pub title: String,
    /// What it says.
    pub text: String,
    /// Organisation that signs it, never a person.
    pub author: String,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// Writes a feed; one without entries is as old as time.
pub fn atom(news: &News) -> String {
    let updated = news.entries.iter().map(|entry| entry.updated).max();
    let mut own = link(&news.address, "self");
    own.mime_type = Some("application/atom+xml".to_owned());
    let feed = Feed {
        title: Text::plain(news.title.clone()),
        id: news.address.clone(),
        updated: instant(updated.unwrap_or(Timestamp::UNIX_EPOCH)),
        authors: vec![person(&news.author)],
        links: vec![link(&news.page, "alternate"), own],
        subtitle: Some(Text::plain(news.subtitle.clone())),
        lang: Some(news.language.clone()),
        entries: news.entries.iter().map(entry).collect(),
        ..Feed::default()
    };
    feed.to_string()
}

fn entry(entry: &NewsEntry) -> Entry {
    Entry {
        title: Text::plain(entry.title.clone()),
        id: entry.address.clone(),
        updated: instant(entry.updated),
        authors: vec![person(&entry.author)],
        links: vec![link(&entry.address, "alternate")],
        summary: Some(Text::plain(entry.text.clone())),
        ..Entry::default()
    }
}

fn link(address: &str, relation: &str) -> Link {
    Link { href: address.to_owned(), rel: relation.to_owned(), ..Link::default() }
}

fn person(name: &str) -> Person {
    Person { name: name.to_owned(), ..Person::default() }
}

/// The instant in the crate's own type, which reads RFC 3339.
fn instant<T: std::str::FromStr + Default>(at: Timestamp) -> T {
    at.to_string().parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_read_back_with_everything_that_the_rules_ask_for() {
        let news = News {
            title: "Smögen & <Hasselösund>".to_owned(),
            subtitle: "Vad som sas och gjordes".to_owned(),
            page: "https://a.se/1427/district/1".to_owned(),
            address: "https://a.se/1427/district/1/feed.atom".to_owned(),
            language: "sv".to_owned(),
            author: "Sotenäs kommun".to_owned(),
            entries: vec![NewsEntry {
                address: "https://a.se/1427/district/1#measure-7".to_owned(),
                title: "Byt lampor".to_owned(),
                text: "Mörkt & hårt".to_owned(),
                author: "Gatuenheten".to_owned(),
                updated: "2026-11-20T23:00:00Z".parse().unwrap(),
            }],
        };
        let written = atom(&news);
        assert!(written.starts_with("<?xml version=\"1.0\""), "{written}");
        let read: Feed = written.parse().unwrap();
        assert_eq!(read.title.value, news.title);
        assert_eq!(read.lang.as_deref(), Some("sv"));
        assert_eq!(read.updated.to_rfc3339(), "2026-11-20T23:00:00+00:00");
        assert_eq!(read.entries[0].id, news.entries[0].address);
        assert_eq!(read.entries[0].authors[0].name, "Gatuenheten");
        let relations: Vec<&str> = read.links.iter().map(|link| link.rel.as_str()).collect();
        assert_eq!(relations, ["alternate", "self"]);
        let empty: Feed = atom(&News { entries: Vec::new(), ..news }).parse().unwrap();
        assert_eq!(empty.updated.timestamp(), 0);
    }
}
