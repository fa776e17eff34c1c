//! A code that can be said on the phone: four words that look like place
//! names of the coast, 11 bits each, 44 bits in all.

/// First halves of a word, 6 bits.
const FIRST: [&str; 64] = [
    "alm", "ankar", "asp", "bark", "berg", "boj", "bris", "brunn", "dal", "dimm", "duv", "ek",
    "falk", "fisk", "fjord", "fyr", "garn", "gran", "grus", "guld", "hare", "hassel", "hav",
    "humle", "hummer", "is", "kalk", "klint", "klipp", "koppar", "krabb", "kvist", "lamm", "lax",
    "lind", "ljung", "lots", "lund", "malm", "mast", "moln", "moss", "mussel", "norr", "otter",
    "regn", "ren", "rosen", "sand", "segel", "sill", "silver", "skog", "sol", "sten", "storm",
    "strand", "svan", "tall", "tegel", "torsk", "vass", "vind", "vinter",
];

/// Second halves of a word, 5 bits.
const SECOND: [&str; 32] = [
    "backe", "bro", "brygga", "bukt", "by", "fors", "gata", "grind", "grund", "hage", "hall",
    "hamn", "holme", "hus", "kaj", "kil", "kulle", "lid", "mark", "park", "port", "rev", "skans",
    "spets", "stig", "stuga", "sund", "topp", "torp", "udde", "vall", "vik",
];

const WORDS: usize = 4;

/// Four words, such as `granvik solbukt askudde norrhamn`.
#[derive(Clone, PartialEq, Eq)]
pub struct ShortCode(String);

impl ShortCode {
    /// The code of the low 44 of `bits`.
    pub(super) fn from_bits(bits: u64) -> Self {
        let word = |at: usize| {
            let bits = bits >> (11 * at);
            let first = FIRST[usize::from(low_byte(bits) & 0x3f)];
            format!("{first}{}", SECOND[usize::from(low_byte(bits >> 6) & 0x1f)])
        };
        Self((0..WORDS).map(word).collect::<Vec<_>>().join(" "))
    }

    /// Reads a code as somebody types it: letters of either case, words apart
    /// by anything that is not a letter. `None` unless all four are words of
    /// the list.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
        let known = words.len() == WORDS && words.iter().all(|word| is_word(word));
        known.then(|| Self(words.join(" ")))
    }

    /// The code as it is shown and said: lower case, one space apart.
    pub fn canonical(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ShortCode {
    /// Never the code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShortCode(…)")
    }
}

const fn low_byte(bits: u64) -> u8 {
    bits.to_le_bytes()[0]
}

fn is_word(word: &str) -> bool {
    FIRST.iter().any(|first| word.strip_prefix(first).is_some_and(|rest| SECOND.contains(&rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_list_holds_2048_different_words_that_anybody_can_type() {
        let words: HashSet<String> = FIRST
            .iter()
            .flat_map(|first| SECOND.iter().map(move |second| format!("{first}{second}")))
            .collect();
        assert_eq!(words.len(), 2048);
        assert!(words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase())));
        assert!(words.iter().all(|word| word.len() <= 12));
    }

    #[test]
    fn different_bits_give_different_codes() {
        let codes: HashSet<String> = (0..44)
            .map(|bit| ShortCode::from_bits(1 << bit).0)
            .chain([ShortCode::from_bits(0).0])
            .collect();
        assert_eq!(codes.len(), 45);
        assert_eq!(ShortCode::from_bits(1 << 44), ShortCode::from_bits(0));
    }

    #[test]
    fn a_code_is_understood_however_it_is_typed() {
        let code = ShortCode::from_bits(0x0123_4567_89ab);
        let shouted = code.canonical().to_uppercase().replace(' ', " - ");
        assert_eq!(ShortCode::parse(&format!("  {shouted}.\n")), Some(code));
    }

    #[test]
    fn words_that_are_not_in_the_list_are_no_code() {
        let code = ShortCode::from_bits(77);
        let three = code.canonical().rsplit_once(' ').unwrap().0.to_owned();
        let five = format!("{} granvik", code.canonical());
        for text in ["", "granvik", &three, &five, "granvik granvik granvik granvikk"] {
            assert_eq!(ShortCode::parse(text), None, "{text:?}");
        }
    }
}
