//! What only the pages ask: lists, counters by division, reports. Reads alone; whatever changes a row is elsewhere.
pub mod deliveries;
pub mod numbers;
pub mod subjects;
