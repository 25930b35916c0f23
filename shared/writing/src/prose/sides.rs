//! The realisations that set products side by side, and of the advice that follows.

/// A difference in price with both prices. Slots: `d`, `hi`, `lo`, `vhi`, `vlo`.
pub(super) const PRICE_CONTRAST: &[&str] = &[
    "At {vhi}, {hi} costs {d} more than {lo} at {vlo}.",
    "{hi} is listed at {vhi} and {lo} at {vlo}, a gap of {d}.",
    "You pay {vhi} for {hi} and {vlo} for {lo}, which is {d} apart.",
    "The price of {hi} is {vhi} and that of {lo} is {vlo}; {d} lies between them.",
    "{d} separates {vhi} for {hi} from {vlo} for {lo}.",
    "Going from {lo} at {vlo} to {hi} at {vhi} adds {d} to the bill.",
];

/// Slots: `d`, `hi`, `lo`.
pub(super) const PRICE_STEP: &[&str] = &[
    "{hi} costs {d} more than {lo}.",
    "{lo} is {d} cheaper than {hi}.",
    "To move from {lo} up to {hi} you add {d}.",
    "Choosing {lo} over {hi} saves {d}.",
    "{d} is the price of the step from {lo} to {hi}.",
    "Between {lo} and {hi} lie {d}.",
    "The bill for {hi} is {d} above that for {lo}.",
];

/// A difference with both figures. Slots: `label`, `d`, `hi`, `lo`, `vhi`, `vlo`.
pub(super) const CONTRAST: &[&str] = &[
    "{hi} states {vhi} for {label}, against {vlo} for {lo}: {d} apart.",
    "In {label}, {hi} comes to {vhi} and {lo} to {vlo}, so {d} lies between them.",
    "The {label} of {hi} is {vhi} and that of {lo} is {vlo}, a difference of {d}.",
    "For {label}, read {vhi} with {hi} and {vlo} with {lo}, which makes {d}.",
    "Set side by side on {label}, {hi} has {vhi} and {lo} has {vlo}; the gap is {d}.",
    "{label} differs by {d}, with {vhi} for {hi} and {vlo} for {lo}.",
    "On {label}, the table gives {vhi} for {hi}, {vlo} for {lo}, and so a gap of {d}.",
];

/// Slots: `label`, `d`, `hi`, `lo`.
pub(super) const STEP: &[&str] = &[
    "In {label}, {hi} stands {d} above {lo}.",
    "{lo} stays {d} below {hi} in {label}.",
    "By {label}, the two differ by {d}, and {hi} has the larger figure over {lo}.",
    "The {label} of {hi} exceeds that of {lo} by {d}.",
    "Measured by {label}, {hi} adds {d} to what {lo} has.",
    "{d} lies between {hi} and {lo} in {label}, the former having the larger figure.",
];

/// Slots: `label`, `times`, `hi`, `lo`.
pub(super) const TIMES: &[&str] = &[
    "In {label}, {hi} has {times} times what {lo} has.",
    "The {label} of {hi} is {times} times that of {lo}.",
    "Divide the {label} of {hi} by that of {lo} and you get {times}.",
    "By {label}, {hi} comes to {times} times {lo}.",
];

/// The same column for several products. Slots: `label`, `pairs` (`4.5 kg for the A and 5 kg for the B`).
pub(super) const SIDE: &[&str] = &[
    "For {label}, the table has {pairs}.",
    "Under {label} stand {pairs}.",
    "In {label}, read {pairs}.",
    "The column {label} gives {pairs}.",
    "As to {label}, it is {pairs}.",
    "Compare the {label}: {pairs}.",
    "On {label} they part, with {pairs}.",
];

/// As [`SIDE`], for truths: their labels are seldom nouns.
pub(super) const SIDE_TRUTH: &[&str] = &[
    "For {label}, the table has {pairs}.",
    "Under {label} stand {pairs}.",
    "The column {label} gives {pairs}.",
    "As to {label}, it is {pairs}.",
    "Asked about {label}, the table says {pairs}.",
    "On {label} they part, with {pairs}.",
];

/// Several products with one value. Slots: `label`, `v`, `who`.
pub(super) const SAME: &[&str] = &[
    "For {label}, {who} share {v}.",
    "The {label} is {v} with {who} alike.",
    "{label} is the same for {who}: {v}.",
    "On {label} there is a tie: {who} state {v}.",
    "{who} have the same {label}, {v}.",
    "With {v} under {label}, {who} stand level.",
];

/// As [`SAME`], for a truth: the sentence must not deny what the entry says.
pub(super) const SAME_TRUTH: &[&str] = &[
    "Under {label}, {who} have the same entry, {v}.",
    "For {label}, {who} share the answer {v}.",
    "The entry under {label} is {v} with {who} alike.",
    "{who} are equal in {label}: {v} with both.",
    "Asked about {label}, the table says {v} of {who}.",
];

/// One costs more and is ahead somewhere. Slots: `a` (the dearer), `b`, `d1`, `d2`, `ml` (more or less), `label`.
pub(super) const TRADE: &[&str] = &[
    "{a} costs {d1} more than {b}, but states {d2} {ml} for {label}.",
    "{b} is {d1} cheaper, while {a} has {d2} {ml} for {label}.",
    "Pay {d1} more for {a} and you get {d2} {ml} for {label} than with {b}.",
    "Against {b}, {a} adds {d1} to the bill and brings {d2} {ml} for {label}.",
    "For {d1} on top of what {b} costs, {a} comes with {d2} {ml} for {label}.",
    "The step from {b} up to {a} costs {d1} and brings {d2} {ml} for {label}.",
    "You save {d1} with {b}; with {a} you have {d2} {ml} for {label}.",
];

/// Each is ahead in one column, neither of them the price. Slots: `a`, `b`, `d1`, `d2`, `ml`, `ml2`, `label`,
/// `label2`.
pub(super) const TRADE_PLAIN: &[&str] = &[
    "{a} has {d1} {ml} for {label}, and {b} answers with {d2} {ml2} for {label2}.",
    "For {label}, {a} is ahead with {d1} {ml}; for {label2}, {b} is, with {d2} {ml2}.",
    "Where {a} offers {d1} {ml} for {label}, {b} offers {d2} {ml2} for {label2}.",
    "On the side of {a} stand {d1} {ml} for {label}, and {b} has {d2} {ml2} for {label2}.",
    "With {a} you get {d1} {ml} for {label}, and with {b} it is {d2} {ml2} for {label2}.",
];

/// Two prices. Slots: `hi`, `lo`, `vhi`, `vlo` (each with its date).
pub(super) const PRICE_SIDE: &[&str] = &[
    "{hi} is listed at {vhi}, and {lo} at {vlo}.",
    "The price of {hi} is {vhi}, and that of {lo} is {vlo}.",
    "You pay {vhi} for {hi} and {vlo} for {lo}.",
    "The price tags read {vhi} for {hi} and {vlo} for {lo}.",
    "It is {vhi} for {hi}, against {vlo} for {lo}.",
    "Listed prices are {vhi} for {hi} and {vlo} for {lo}.",
];
