//! Learning which department handles what, from past texts: a pure library that knows no database, no web and no clock.
//!
//! Pieces of texts (`cut`, `vocabulary`) are packed (`corpus`), two learners weigh them (`margins`, `bayes`) into one table
//! (`weights`), texts held out say how sure that is (`calibrate`, `measure`), `train` conducts, and the result is a `model`
//! that answers, gives its reasons (`reasons`) and can be kept as a file (`codec`). The same rows and the same seed give the same model, on one
//! thread or two.
mod bayes;
mod calibrate;
mod codec;
mod corpus;
mod cut;
#[cfg(test)]
mod generate;
mod margins;
pub mod measure;
mod model;
mod reasons;
mod softmax;
mod split;
#[cfg(test)]
mod tests;
mod train;
mod vocabulary;
mod weights;

pub use codec::CodecError;
pub use model::{Advice, Doubt, Facts, Model, Suggestion};
pub use split::{Lesson, parted};
pub use train::{LearnError, Learner, Options, learn};
