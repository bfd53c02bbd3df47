//! The rules of the house, as tests whose messages say why the rule is there and how to mend a breach.
mod layers;
mod limits;
mod schema;
mod source;
mod statements;
mod words;
