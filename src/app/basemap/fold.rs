//! Plain letters, so that `smogen` finds *Smögen*.

/// The words of a name in plain small letters: `Sankt Eriks gränd 4 B` is
/// `sankt`, `eriks`, `grand`, `4`, `b`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for letter in name.chars().flat_map(char::to_lowercase) {
        if is_mark(letter) {
            continue;
        }
        if !letter.is_alphanumeric() {
            open = false;
            continue;
        }
        if !open {
            words.push(String::new());
            open = true;
        }
        if let Some(word) = words.last_mut() {
            match plain(letter) {
                Some(plain) => word.push_str(plain),
                None => word.push(letter),
            }
        }
    }
    words
}

/// Accents that stand beside their letter (decomposed text).
const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

const fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì'..='ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ț' | 'ţ' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_with_and_without_its_dots() {
        for name in ["Smögen", "SMÖGEN", "smogen", "Smo\u{308}gen", "  Smögen. "] {
            assert_eq!(words(name), ["smogen"], "{name}");
        }
        assert_eq!(words("Sankt Eriks gränd 4 B"), ["sankt", "eriks", "grand", "4", "b"]);
        assert_eq!(words("Avenue d'Ostende"), ["avenue", "d", "ostende"]);
        assert_eq!(words("Åby–Ängö"), ["aby", "ango"]);
        assert!(words(" -- ").is_empty());
    }
}
