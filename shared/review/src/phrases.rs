//! Phrases that reject a draft, whatever its claims.

use std::{borrow::Cow, sync::LazyLock};

use rustc_hash::FxHashMap;

use crate::{code::Code, hashes::Filter, words::word_hash};

/// Lower-case words; phrases are told apart by commas.
const PHRASES: [(Code, &str); 5] = [
    (
        Code::Experience,
        "we slept, we liked, we love, we recommend, we think, we believe, we prefer, i slept, i love, i like, i recommend, \
         i think, everybody loves, everyone loves, most buyers, many buyers, scientists, experts agree, we tested, we have tested, we ve tested, we tried, we used, we measured, we found, we \
         reviewed, our test, our tests, our testing, our team, our experts, our experience, our \
         review, our lab, in our experience, in my experience, in our opinion, hands on, i \
         tested, i tried, i used, my own, users say, users report, users love, users praise, \
         users like, owners say, owners report, owners love, buyers say, buyers report, buyers \
         love, customers say, customers report, customers love, customers praise, reviewers say, \
         reviewers praise, critics say, people say, people love, readers say, experts say, \
         experts recommend, customer reviews, user reviews, customer review, star rating, star \
         ratings, stars, out of five, out of 5, rated, top rated, highly rated, best rated, \
         rating of, ratings, award, awards, award winning, award winner, prize, winner, test \
         winner, editor s choice, editors choice, best of 2023, best of 2024, best of 2025, best \
         of 2026, best of 2027, bestseller, bestsellers, best seller, best sellers, best selling, \
         most popular, popular choice, crowd favourite, fan favourite, tested by, lab tested, \
         field tested, clinically proven, scientifically proven, proven in, after weeks of, after \
         months of, in daily use we, recommended by, testimonial, testimonials",
    ),
    (
        Code::ContactDetails,
        "dot com, dot org, dot net, dot example",
    ),
    (
        Code::Availability,
        "in stock, out of stock, sold out, available now, currently available, stock is, stocks \
         are, left in stock, while stocks last, while supplies last, limited time, limited offer, \
         current price, currently costs, today s price, price today, price right now, costs \
         today, latest price, best price, lowest price ever, special offer, on sale, discount, \
         discounts, discounted, coupon, voucher, free shipping, free delivery, next day delivery, \
         ships today, ships within, delivered tomorrow, money back, guarantee, guarantees, \
         guaranteed, risk free, no risk",
    ),
    (
        Code::Hype,
        "number one, lasts a lifetime, a real steal, a steal, is great, are great, costs a fortune, excellent, perfect, perfectly, amazing, awesome, fantastic, incredible, incredibly, \
         outstanding, superb, stunning, unbeatable, unrivalled, unrivaled, unmatched, \
         unparalleled, unsurpassed, exceptional, exceptionally, phenomenal, revolutionary, \
         groundbreaking, cutting edge, state of the art, world class, world s best, best ever, \
         best in class, best on the market, second to none, must have, must buy, no brainer, game \
         changer, game changing, great choice, great option, great value, great buy, good value, \
         excellent value, value for money, superior, premium quality, high quality, top quality, \
         top notch, first class, flawless, ideal choice, dream, you will love, you ll love, guilt \
         free, magical, legendary, impressive, impressively, wonderful, brilliant, marvellous, \
         marvelous, remarkable, extraordinary, sensational, delightful, luxurious, beloved, \
         masterpiece, nothing beats, hands down, without a doubt, no doubt, definitely the, \
         simply the",
    ),
    (
        Code::Injection,
        "reviewer, helpful assistant, order today, order the, order yours, ignore previous, ignore all previous, ignore the previous, ignore all instructions, \
         ignore the above, ignore these instructions, ignore your instructions, ignore any \
         previous, disregard previous, disregard all, disregard the above, disregard your, forget \
         previous, forget all previous, forget your instructions, previous instructions, new \
         instructions, system prompt, system message, developer message, as an ai, as a language \
         model, large language model, language model, i am an ai, i m an ai, i cannot help, i can \
         t help, i m sorry, you are now, you are chatgpt, prompt injection, jailbreak, do not \
         tell, approve this, mark this as, dear reviewer, note to the reviewer, to the reviewer, \
         buy now, order now, act now, shop now, buy today, order today, click here, click the \
         link, click this, click below, tap here, sign up, subscribe, call us, call now, email \
         us, contact us, visit our, visit the site, follow us, scan the, send money, transfer \
         money, wire money, enter your, your password, your credit card, credit card number, log \
         in, download now, hurry, don t miss, do not miss, limited stock, grab yours, get yours, \
         add to cart, add to basket",
    ),
];

struct Phrase {
    /// What it is a case of.
    code: Code,
    words: Vec<&'static str>,
    /// The hash of its second word: most phrases are told from a text by that.
    second: Option<u64>,
}

/// The phrases by the hash of their first word, and which words may be one.
static INDEX: LazyLock<(Filter, FxHashMap<u64, Vec<Phrase>>)> = LazyLock::new(|| {
    let mut index: FxHashMap<u64, Vec<Phrase>> = FxHashMap::default();
    for (code, phrases) in PHRASES {
        for phrase in phrases.split(", ") {
            let words: Vec<&str> = phrase.split(' ').collect();
            let first = words.first().copied().unwrap_or_default();
            index.entry(word_hash(first)).or_default().push(Phrase {
                code,
                second: words.get(1).map(|word| word_hash(word)),
                words,
            });
        }
    }
    (index.keys().copied().collect(), index)
});

/// The rejected phrase that begins with a word of this hash and goes on with one of the other, and how many words it
/// takes; `word` gives them, in lower case, and nothing past their end.
pub(crate) fn phrase<'t>(
    first: u64,
    second: Option<u64>,
    word: impl Fn(usize) -> Cow<'t, str>,
) -> Option<(Code, usize)> {
    let said = |phrase: &&Phrase| {
        (phrase.second.is_none() || phrase.second == second)
            && phrase.words.iter().enumerate().all(|(n, w)| word(n) == *w)
    };
    let (begins, index) = &*INDEX;
    let entries = begins.may_hold(first).then(|| index.get(&first))??;
    entries
        .iter()
        .find(said)
        .map(|phrase| (phrase.code, phrase.words.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(words: &[&'static str]) -> Option<(Code, usize)> {
        let word = |n: usize| words.get(n).copied().unwrap_or_default().into();
        phrase(
            word_hash(words[0]),
            words.get(1).map(|w| word_hash(w)),
            word,
        )
    }

    #[test]
    fn a_phrase_is_found_from_its_first_word() {
        assert_eq!(
            begins(&["award", "winning", "lamp"]).map(|(code, _)| code),
            Some(Code::Experience)
        );
        assert_eq!(
            begins(&["out", "of", "stock"]),
            Some((Code::Availability, 3))
        );
        assert_eq!(begins(&["out", "of"]), None);
        assert_eq!(begins(&["a", "lamp"]), None);
    }
}
