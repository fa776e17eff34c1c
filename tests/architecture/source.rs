//! Just enough of Rust's grammar to see which paths a source names: comments
//! and literals are taken out, groups in braces are spread.

/// One path as written, such as `["crate", "store", "Reports"]`.
pub type Named = Vec<String>;

/// The source without comments, with every text literal emptied, and the
/// texts beside it.
pub fn split(source: &str) -> (String, Vec<String>) {
    let chars: Vec<char> = source.chars().collect();
    let (mut code, mut texts, mut at) = (String::new(), Vec::new(), 0);
    while at < chars.len() {
        let rest = &chars[at..];
        let length = if rest.starts_with(&['/', '/']) {
            rest.iter().position(|c| *c == '\n').unwrap_or(rest.len())
        } else if rest.starts_with(&['/', '*']) {
            block_comment(rest)
        } else if let Some(hashes) = raw_text(rest).filter(|_| !in_word(&chars, at)) {
            let end: Vec<char> = std::iter::once('"').chain(vec!['#'; hashes]).collect();
            let start = hashes + 2;
            let length = find(&rest[start..], &end).map_or(rest.len(), |n| start + n + end.len());
            texts.push(rest[start..length.saturating_sub(end.len()).max(start)].iter().collect());
            code.push_str("\"\"");
            length
        } else if rest[0] == '"' {
            let length = quoted(rest, '"');
            texts.push(rest[1..length.saturating_sub(1).max(1)].iter().collect());
            code.push_str("\"\"");
            length
        } else if is_character(rest) {
            quoted(rest, '\'')
        } else {
            code.push(rest[0]);
            1
        };
        at += length;
    }
    (code, texts)
}

fn in_word(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_')
}

/// Number of hashes of a raw text that starts here.
fn raw_text(rest: &[char]) -> Option<usize> {
    let after = rest.strip_prefix(&['r'])?;
    let hashes = after.iter().take_while(|c| **c == '#').count();
    (after.get(hashes) == Some(&'"')).then_some(hashes)
}

fn find(text: &[char], wanted: &[char]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with(&['/', '*']) {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(&['*', '/']) {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// Length of a literal in `quote`s, escapes included.
fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// Whether a character literal, not a lifetime, starts here.
fn is_character(rest: &[char]) -> bool {
    rest[0] == '\'' && (rest.get(1) == Some(&'\\') || rest.get(2) == Some(&'\''))
}

/// Every path of two or more parts that `code` names, groups spread, and each
/// single name that is imported.
pub fn paths(code: &str) -> Vec<Named> {
    let tokens = tokens(code);
    let (mut found, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let continued = at > 0 && matches!(tokens[at - 1].as_str(), "::" | ".");
        if is_name(&tokens[at]) && !continued {
            let imported = at > 0 && tokens[at - 1] == "use";
            let start = found.len();
            at = path(&tokens, at, &Vec::new(), &mut found);
            if !imported {
                keep_from(&mut found, start, |named| named.len() > 1);
            }
        } else {
            at += 1;
        }
    }
    found
}

fn keep_from(found: &mut Vec<Named>, start: usize, keep: impl Fn(&Named) -> bool) {
    let tail = found.split_off(start);
    found.extend(tail.into_iter().filter(keep));
}

/// Reads one path at `at` behind `prefix`; gives the token after it.
fn path(tokens: &[String], mut at: usize, prefix: &Named, found: &mut Vec<Named>) -> usize {
    let mut named = prefix.clone();
    loop {
        match tokens.get(at).map(String::as_str) {
            Some("{") => return group(tokens, at + 1, &named, found),
            Some(name) if is_name(name) => {
                named.push(name.to_owned());
                at += 1;
            }
            _ => break,
        }
        if tokens.get(at).map(String::as_str) != Some("::") {
            break;
        }
        at += 1;
    }
    found.push(named);
    at
}

fn group(tokens: &[String], mut at: usize, prefix: &Named, found: &mut Vec<Named>) -> usize {
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "}" => return at + 1,
            name if is_name(name) => at = path(tokens, at, prefix, found),
            _ => at += 1,
        }
    }
    at
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut token = String::from(c);
        if c.is_alphanumeric() || c == '_' {
            while let Some(next) = chars.next_if(|n| n.is_alphanumeric() || *n == '_') {
                token.push(next);
            }
        } else if c == ':' && chars.next_if_eq(&':').is_some() {
            token.push(':');
        }
        tokens.push(token);
    }
    tokens
}
