//! The realisations of each act. `{name}` is filled in; a slot at the beginning of a sentence gets a capital.
//!
//! Within one list the sentences differ in their syntax, so pages that are written side by side differ.

pub(super) use super::sides::*;

/// Slots: `n`.
pub(super) const SIZE: &[&str] = &[
    "The table lists {n} products.",
    "In all, {n} products are compared here.",
    "This comparison covers {n} products.",
    "There are {n} products in the table.",
    "The field is made of {n} products.",
    "What follows rests on {n} listed products.",
];

/// Slots: `label`, `low`, `high`, `least` and `most` (who has it).
pub(super) const ENDS: &[&str] = &[
    "By {label}, the field runs from {low} ({least}) to {high} ({most}).",
    "At one end of the range in {label} is {least} with {low}, at the other {most} with {high}.",
    "The lowest {label} is {low}, for {least}; the highest is {high}, for {most}.",
    "In {label}, {least} marks the low end with {low} and {most} the high end with {high}.",
    "From {low} for {least} up to {high} for {most}: so wide is the range of {label}.",
    "For {label}, the table begins at {low} with {least} and ends at {high} with {most}.",
    "{label} starts at {low}, the figure of {least}, and goes up to {high}, that of {most}.",
];

/// As [`ENDS`], where an end is shared.
pub(super) const ENDS_MANY: &[&str] = &[
    "By {label}, the field runs from {low} ({least}) to {high} ({most}).",
    "The lowest {label} is {low}, for {least}; the highest is {high}, for {most}.",
    "From {low} for {least} up to {high} for {most}: so wide is the range of {label}.",
    "For {label}, the table begins at {low} with {least} and ends at {high} with {most}.",
];

/// Slots: `label`, `low`, `high`: where too many share an end to be named.
pub(super) const ENDS_PLAIN: &[&str] = &[
    "By {label}, the field runs from {low} to {high}.",
    "The lowest {label} in the table is {low} and the highest {high}.",
    "In {label}, everything lies between {low} and {high}.",
    "The range of {label} begins at {low} and ends at {high}.",
    "For {label}, the two ends of the table are {low} and {high}.",
    "{label} starts at {low} and goes up to {high}.",
];

/// As [`ENDS_PLAIN`], for days.
pub(super) const DATES: &[&str] = &[
    "The days under {label} run from {low} to {high}.",
    "For {label}, the days lie between {low} and {high}.",
    "The first day under {label} is {low}, the last {high}.",
];

/// Slots: `times`: added to a sentence about two ends.
pub(super) const ENDS_RATIO: &[&str] = &[
    "The top figure is {times} times the bottom one.",
    "That makes {times} times as much at the upper end.",
    "Divide the one by the other and you get {times}.",
    "So the far end is {times} times the near one.",
    "Between the two lies a factor of {times}.",
    "The upper figure comes to {times} times the lower.",
];

/// Slots: `label`, `value`, `extreme` (lowest, highest), `who`.
pub(super) const EXTREME: &[&str] = &[
    "The {extreme} {label} is {value}, stated for {who}.",
    "With {value}, {who} has the {extreme} {label} of all.",
    "Nothing in the table goes past the {extreme} {label}, {value} for {who}.",
    "For {label}, the {extreme} figure is {value}, and it is that of {who}.",
    "{who} holds the {extreme} {label}, {value}.",
    "Look for the {extreme} {label} and you arrive at {who} with {value}.",
];

/// As [`EXTREME`], where several share it.
pub(super) const EXTREME_MANY: &[&str] = &[
    "The {extreme} {label} is {value}, stated for {who}.",
    "For {label}, the {extreme} figure is {value}, found with {who}.",
    "With {who} you get the {extreme} {label}, {value}.",
];

/// As [`LEADER`], where several share it.
pub(super) const LEADER_MANY: &[&str] = &[
    "Below {limit}, the {extreme} {label} is {value}, found with {who}.",
    "Under {limit} it is {who} with the {extreme} {label}, {value}.",
    "If you stay under {limit}, {who} give you the {extreme} {label}, {value}.",
];

/// Slots: `label`, `value`, `extreme`.
pub(super) const EXTREME_PLAIN: &[&str] = &[
    "The {extreme} {label} in the table is {value}.",
    "For {label}, the {extreme} entry is {value}.",
    "No entry goes beyond {value}, the {extreme} {label}.",
    "{value} is the {extreme} {label} on record here.",
    "As for {label}, {value} is the {extreme} that is stated.",
];

/// Slots: `label`, `value`, `extreme`, `who`, `limit`.
pub(super) const LEADER: &[&str] = &[
    "Among those below {limit}, {who} has the {extreme} {label}, {value}.",
    "Below {limit}, the {extreme} {label} is {value}, and {who} has it.",
    "If you stay under {limit}, {who} gives you the {extreme} {label} at {value}.",
    "With a limit of {limit}, the {extreme} {label} you can get is {value}, from {who}.",
    "{who} leads on {label} under {limit}: {value} is the {extreme} figure there.",
    "On {label}, no candidate under {limit} passes {who} with {value}, the {extreme} of them.",
    "Take everything under {limit}, sort it by {label}, and {who} comes first with {value}, the {extreme}.",
];

/// Slots: `label`, `value`, `extreme`, `limit`: shared by many.
pub(super) const LEADER_PLAIN: &[&str] = &[
    "Below {limit}, the {extreme} {label} is {value}, and several products share it.",
    "Several candidates under {limit} tie for the {extreme} {label} of {value}.",
    "On {label}, {value} is the {extreme} figure under {limit}, reached by more products here.",
    "Under {limit}, {label} gets to {value} as its {extreme}, a figure that many share.",
];

/// Slots: `label`, `value`.
pub(super) const MIDDLE: &[&str] = &[
    "The median {label} is {value}.",
    "The stated figures for {label} have {value} as their median.",
    "Sort the products by {label}, and the middle one stands at {value}.",
    "In the middle of the field, {label} comes to {value}.",
    "For {label}, the middle of the field is {value}.",
    "{value} is what the product in the middle states for {label}.",
    "A typical {label} is {value}, if the median is taken as typical.",
];

/// Slots: `below`, `low`, `above`, `high`, `belowproducts`, `aboveproducts`.
pub(super) const BOUNDS: &[&str] = &[
    "At {low} or below you find {below}, at {high} or above {above}.",
    "The lower end, up to {low}, holds {below}; the upper end, from {high}, holds {above}.",
    "A limit of {low} leaves {below} to choose from, while a floor of {high} leaves {above}.",
    "Ask for no more than {low} and you keep {below}; ask for {high} or more and it is {above}.",
    "You find {below} up to {low} and {above} from {high} on.",
    "Counted from the ends, the table has {below} within {low} and {above} from {high} up.",
];

/// Slots: `count` (with noun), `bound`, `word` (`or below`, `or above`).
pub(super) const BOUND: &[&str] = &[
    "At {bound} {word}, you find {count}.",
    "With {bound} {word}, you have {count} to choose from.",
    "The table has {count} at {bound} {word}.",
    "Counting those at {bound} {word} gives {count}.",
    "Set the mark at {bound} {word}, and you are left with {count}.",
];

/// A price and its place. Slots: `s`, `v`, `r`, `on` (a date, or nothing).
pub(super) const PRICE_PLACED: &[&str] = &[
    "{s} costs {v}{on}, which is place {r} by price, counted from the cheapest.",
    "At {v}{on}, {s} takes place {r} when the field is sorted from the cheapest up.",
    "The price of {s} is {v}{on}; counted from the cheapest, that is place {r}.",
    "Sorted from the cheapest up, {s} stands at place {r} with {v}{on}.",
    "With a price of {v}{on}, {s} comes in at place {r}, the cheapest being the first.",
    "{s} is listed at {v}{on} and so ranks {r} by price, cheapest first.",
    "You find {s} at {v}{on}, on place {r} of the prices, if the cheapest comes first.",
];

/// A figure and its place. Slots: `s`, `v`, `r`, `label`, `from` (how places are counted).
pub(super) const PLACED: &[&str] = &[
    "{s} states {v} for {label}, place {r} {from}.",
    "The {label} of {s} is {v}, which ranks {r} {from}.",
    "In {label}, {s} has {v} and stands at place {r} {from}.",
    "With {v} for {label}, {s} takes place {r} {from}.",
    "For {label}, the table has {v} with {s}, and so place {r} {from}.",
    "Sorted by {label}, {s} comes at place {r} with {v}, {from}.",
];

/// As [`PLACED`], for the product that the sentence before named.
pub(super) const PLACED_IT: &[&str] = &[
    "Its {label} is {v}, place {r} {from}.",
    "It has {v} for {label} and ranks {r} {from}.",
    "In {label} it comes to {v}, which is place {r} {from}.",
    "Its {label} of {v} takes place {r} {from}.",
    "By {label} it stands at place {r} with {v}, {from}.",
    "It states {v} for {label}: place {r} {from}.",
];

/// Slots: `s`, `r`, `label`, `from`.
pub(super) const PLACE: &[&str] = &[
    "By {label}, {s} stands at place {r} {from}.",
    "{s} takes place {r} by {label}, {from}.",
    "Sorted by {label}, {s} comes at place {r} {from}.",
    "Place {r} by {label} goes to {s}, {from}.",
    "In {label}, {s} ranks {r} {from}.",
];

/// Slots: `s`, `v`, `on`.
pub(super) const PRICE: &[&str] = &[
    "{s} costs {v}{on}.",
    "The price of {s} is {v}{on}.",
    "{s} is listed at {v}{on}.",
    "For {s} the table gives a price of {v}{on}.",
    "You pay {v} for {s}{on_comma}.",
    "{v} is the price of {s}{on_comma}.",
];

/// Slots: `s`, `v`, `label`.
pub(super) const HOLDS: &[&str] = &[
    "The {label} of {s} is {v}.",
    "{s} states {v} for {label}.",
    "For {label}, {s} is listed with {v}.",
    "In {label}, {s} comes to {v}.",
    "Under {label}, the table has {v} for {s}.",
    "As to {label}, {v} is what {s} states.",
    "{v}: that is the {label} of {s}.",
];

/// As [`HOLDS`], for a word and not a figure.
pub(super) const KIND: &[&str] = &[
    "The {label} of {s} is {v}.",
    "Under {label}, the table has {v} for {s}.",
    "{s} is listed with {v} under {label}.",
    "For {label}, {s} has the entry {v}.",
    "As to {label}, {v} is what {s} states.",
    "{v}: that is the {label} of {s}.",
];

/// As [`HOLDS`], for the product that the sentence before named.
pub(super) const HOLDS_IT: &[&str] = &[
    "Its {label} is {v}.",
    "It states {v} for {label}.",
    "For {label} it is listed with {v}.",
    "Its entry under {label} reads {v}.",
    "As to {label}, its entry is {v}.",
    "Under {label} it has {v}.",
];

/// A truth. Slots: `s`, `v` (yes or no), `label`.
pub(super) const TRUTH: &[&str] = &[
    "For {label}, the answer is {v} with {s}.",
    "Asked about {label}, the table says {v} for {s}.",
    "{s} is listed with {v} under {label}.",
    "Under {label}, {s} has a {v}.",
    "{label}: {v} for {s}.",
    "The entry of {s} under {label} is a {v}.",
];

/// As [`TRUTH`], for the product that the sentence before named.
pub(super) const TRUTH_IT: &[&str] = &[
    "For {label}, its answer is {v}.",
    "Under {label} it has a {v}.",
    "Its entry under {label} is a {v}.",
    "Asked about {label}, its line says {v}.",
    "It is listed with {v} under {label}.",
];

/// Slots: `label`, `parts` (`12 with dual, 4 with single`).
pub(super) const SPLIT: &[&str] = &[
    "By {label}, the field falls into groups: {parts}.",
    "Under {label} the table counts {parts}.",
    "The column {label} sorts the products: {parts}.",
    "Settle {label} and you have {parts}.",
    "Grouped by {label}, the table has {parts}.",
    "As to {label}, count {parts}.",
];

/// As [`SPLIT`], for one group. Slots: `label`, `parts` (`4 products with red`).
pub(super) const SPLIT_ONE: &[&str] = &[
    "Under {label} the table counts {parts}.",
    "As to {label}, you can choose from {parts}.",
    "Read the column {label} and you find {parts}.",
    "Look under {label} for {parts}.",
];

/// Slots: `label`, `share`, `value`.
pub(super) const COMMON: &[&str] = &[
    "Under {label}, {share} of those that state it have {value}.",
    "Where {label} is stated, {share} give {value}.",
    "Of the entries for {label}, {share} read {value}.",
    "{share} of the stated entries for {label} are {value}.",
    "Asked for {label}, {share} of those with an answer give {value}.",
    "Count the entries under {label}, and {share} of them say {value}.",
];

/// Slots: `share`, `label`, `bound`, `less` (`cost less`, `stay below`).
pub(super) const BELOW: &[&str] = &[
    "Of the products with a stated {label}, {share} {less} than {bound}.",
    "{share} of those that state {a_label} {less} than {bound}.",
    "Below {bound} for {label} lie {share} of all that state it.",
    "Read by {label}, {share} of the field stay under {bound}.",
    "Under {bound} for {label} there are {share} of the stated products.",
];

/// Slots: `count` (with noun), `where` (conditions).
pub(super) const PASSING: &[&str] = &[
    "In all, {count} can be found {where}.",
    "The table lists {count} {where}.",
    "{where_capital} you find {count}.",
    "You can choose among {count} {where}.",
    "That leaves {count} {where}.",
    "Counted {where}, it is {count}.",
];

/// Slots: `n`, `products`, `label`, `state`.
pub(super) const STATED: &[&str] = &[
    "The {label} is stated for {n}.",
    "As many as {n} come with an entry for {label}.",
    "For {label}, the table has an entry with {n}.",
    "An entry under {label} exists for {n}.",
];

/// Slots: `n` (with noun), `label`.
pub(super) const OPEN: &[&str] = &[
    "For {label}, there is no entry with {n}.",
    "The column {label} is empty for {n}.",
    "Nobody states {label} for {n}.",
    "With {n}, {label} is not stated by the maker.",
    "Under {label}, the cell is empty with {n}.",
    "Look for {label} and you find nothing with {n}.",
    "As to {label}, the makers are silent on {n}.",
    "{label} stays open with {n}.",
];

/// Slots: `label`: where no product leaves the column open.
pub(super) const FILLED: &[&str] = &[
    "No cell under {label} is empty.",
    "The column {label} has no gap.",
    "Nothing is missing under {label}.",
    "Every product has an entry for {label}.",
];

/// Slots: `share`, `label`.
pub(super) const COVERED: &[&str] = &[
    "So {share} of the column {label} is filled.",
    "That leaves {share} with an answer for {label}.",
    "The {label} is stated in {share} of all cases.",
    "In other words, {share} of the cells under {label} say something.",
    "The rest, {share}, can be compared by {label}.",
    "An answer under {label} exists in {share} of the rows.",
    "Filled cells make up {share} of the column {label}.",
    "The coverage of {label} comes to {share}.",
];

/// Slots: `s`, `labels`, `are`.
pub(super) const LEFT_OPEN: &[&str] = &[
    "For {s}, {labels} {are} not stated by the maker.",
    "[What is missing for|What nobody states for] {s}: {labels}.",
    "[Ask|Go and ask] the maker of {s} about {labels}, since the table has nothing there.",
    "The maker of {s} does not state {labels}[.|, so no comparison is made there.]",
    "Not stated for {s}[ by its maker|]: {labels}.",
    "On {labels}, the line of {s} is empty[.|, and nothing was guessed.]",
    "{s} leaves [a question|something] open: {labels}.",
    "[Nothing is known here|The table says nothing] about {labels} for {s}.",
    "What this page cannot tell you about {s}: {labels}[.|, for nobody states it.]",
    "One gap [remains|is left] for {s}, namely {labels}.",
    "If {labels} matters to you, {s} gives no answer[.| yet.]",
];

/// As [`LEFT_OPEN`], for several columns.
pub(super) const LEFT_OPEN_MANY: &[&str] = &[
    "For {s}, {labels} are not stated by the maker.",
    "[What is missing for|What nobody states for] {s}: {labels}.",
    "[Ask|Go and ask] the maker of {s} about {labels}, since the table has nothing there.",
    "The maker of {s} does not state {labels}[.|, so no comparison is made there.]",
    "Not stated for {s}[ by its maker|]: {labels}.",
    "On {labels}, the line of {s} is empty[.|, and nothing was guessed.]",
    "{s} leaves more than one question open: {labels}.",
    "[Nothing is known here|The table says nothing] about {labels} for {s}.",
    "Several things [remain|are left] open for {s}: {labels}.",
];

/// Slots: `x`, `y`, `r`, `how`.
pub(super) const TOGETHER: &[&str] = &[
    "Across the field, {x} and {y} {how}, with a correlation of {r}.",
    "With a correlation of {r}, {x} and {y} {how}.",
    "{x} and {y} {how}: their correlation is {r}.",
    "Put {x} beside {y} and you get a correlation of {r}; the two {how}.",
    "How far does {x} go along with {y}? The correlation is {r}, so they {how}.",
    "The correlation between {x} and {y} is {r}, which means that they {how}.",
];

/// Slots: `s`, `o`.
pub(super) const BEATS: &[&str] = &[
    "{s} is at least as good as {o} in every judged column that both state, and better in one.",
    "Wherever the table judges both, {o} is nowhere ahead of {s} and once or more behind it.",
    "By the judged columns alone, nothing speaks for {o} against {s}.",
    "In no judged column that both state does {o} come out better than {s}.",
];

/// Slots: `s`, `o`.
pub(super) const NEITHER: &[&str] = &[
    "Neither {s} nor {o} is ahead in everything.",
    "Some columns speak for {s} and some for {o}.",
    "Each has its side: {s} is better in some of the judged columns, {o} in others.",
    "The judged columns are divided between {s} and {o}.",
    "Between {s} and {o}, each is better somewhere and worse somewhere else.",
];
