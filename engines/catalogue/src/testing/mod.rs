//! The catalogue held against a real database: lives of resources, scope, search, and what leaves for the public.
//!
//! Identity's views are stood in for by three small tables, because an engine's tests know only the views it reads.
mod city;
mod life;
mod outside;
mod standards;
