//! One binary for the whole house: its rules, and what people and programs meet over HTTP.
#[path = "../architecture/mod.rs"]
mod architecture;

mod casework;
mod casework_chance;
mod casework_pages;
mod casework_year;
mod catalogue;
mod city_management;
mod city_management_cases;
mod city_management_duty;
mod community_window;
mod discretion;
mod exchange;
mod files;
mod frame;
mod hotline_desk;
mod hotline_knowledge;
mod hotline_lookup;
mod hotline_privacy;
mod hotline_public;
mod hotline_suggestion;
mod identity;
mod open311;
mod open311_keys;
mod refusals;
mod twice;
mod webhook;
