//! Who somebody is: passwords, tokens, codes.
