//! The command line: what the program can do, in the words of whoever runs it.
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// 江海 Jianghai: one program that runs a city's smart-city plan.
#[derive(Parser, Debug)]
#[command(name = "jianghai", version, about, long_about = None)]
pub struct Cli {
    /// Where this installation keeps its files, keys and private database.
    #[command(flatten)]
    pub place: Place,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the data is.
#[derive(Args, Debug, Clone)]
pub struct Place {
    /// Folder for files, keys and, without DATABASE_URL, the private PostgreSQL cluster
    /// [default: /var/lib/jianghai as root, else ~/.local/share/jianghai]
    #[arg(long, env = "JIANGHAI_DATA", global = true)]
    pub data: Option<PathBuf>,
    /// Use this PostgreSQL server (15 or later, with PostGIS) instead of a private cluster
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,
}

/// What the program can do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve the portal, the workbench and the API
    Serve(Serve),
    /// Load the demonstration city: Nantong's real divisions and departments, and synthetic residents and enterprises
    Demo(Demo),
    /// Bring the database's schema up to date and exit
    Migrate,
    /// Check everything this installation needs, and say what to do about what is wrong
    Doctor,
    /// Deliver a file on behalf of a department and wait for its report
    Ingest(Ingest),
    /// The 12345 hotline
    #[command(subcommand)]
    Hotline(Hotline),
    /// The audit trail
    #[command(subcommand)]
    Audit(Audit),
    /// Print the description of the API as OpenAPI JSON
    Openapi,
    /// Measure what users feel
    #[command(subcommand)]
    Bench(Bench),
}

/// Options of `serve`.
#[derive(Args, Debug, Clone)]
pub struct Serve {
    /// Address to listen on
    #[arg(long, env = "JIANGHAI_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Load the demonstration city first, if the installation is empty
    #[arg(long)]
    pub demo: bool,
    /// The address people use, for absolute links [default: http://LISTEN]
    #[arg(long, env = "JIANGHAI_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// A proxy stands in front and sets X-Forwarded-For
    #[arg(long, env = "JIANGHAI_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// Write the log as JSON lines
    #[arg(long, env = "JIANGHAI_LOG_JSON")]
    pub log_json: bool,
}

/// Options of `bench linkage`.
#[derive(Args, Debug, Clone)]
pub struct Linkage {
    /// Records to make, of about half as many residents
    #[arg(long, default_value_t = 1_000_000)]
    pub people: u64,
    /// Link this file: one that `--write` wrote, with its `.truth.csv`, or the 50,000 historical figures
    #[arg(long, conflicts_with_all = ["people", "write"])]
    pub file: Option<PathBuf>,
    /// Only write the records to this file, and who is who to its `.truth.csv`
    #[arg(long)]
    pub write: Option<PathBuf>,
    /// The seed: the same seed is the same file
    #[arg(long, default_value_t = 2015)]
    pub seed: u64,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Options of `demo`.
#[derive(Args, Debug, Clone)]
pub struct Demo {
    /// Synthetic residents to generate
    #[arg(long, default_value_t = 52_000)]
    pub people: u32,
    /// Synthetic enterprises to generate
    #[arg(long, default_value_t = 3_200)]
    pub enterprises: u32,
    /// The seed: the same seed is the same city
    #[arg(long, default_value_t = 2015)]
    pub seed: u64,
}

/// Options of `ingest`.
#[derive(Args, Debug, Clone)]
pub struct Ingest {
    /// The file: CSV (UTF-8 or GB18030) or XLSX
    pub file: PathBuf,
    /// The delivering organisation's code, for example NT-GA
    #[arg(long)]
    pub provider: String,
    /// What the rows are: person, organisation, place, or a resource's catalogue code
    #[arg(long)]
    pub kind: String,
    /// Write the report of refused rows here
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// Print the result as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What can be done for the hotline.
#[derive(Subcommand, Debug, Clone)]
pub enum Hotline {
    /// Take in a letter from standard input, as an MTA's pipe gives it; exits 65 when it is no letter and 75 when to try again
    Letter,
    /// Bring a file of past cases and learn from all there are which department handles what
    Learn {
        /// CSV (UTF-8 or GB18030) with columns headed 诉求内容 (or text) and 承办单位 (or department). Departments are organisations'
        /// codes, names or short names; rows of others wait, and are told
        file: PathBuf,
        /// Take departments as they stand, without organisations or a database: says how good it would be, keeps nothing
        #[arg(long)]
        labels_as_is: bool,
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// What can be done with the audit trail.
#[derive(Subcommand, Debug, Clone)]
pub enum Audit {
    /// Recompute the whole chain and check every day's signature; exits 1 and names the first broken row if any
    Verify,
    /// Write a day's rows, root, signature and public key, and print the `openssl` commands that check them
    Export {
        /// The day, for example 2026-11-22
        day: String,
        /// Folder to write to
        #[arg(long, default_value = ".")]
        to: PathBuf,
    },
}

/// What can be measured.
#[derive(Subcommand, Debug, Clone)]
pub enum Bench {
    /// Deliver N generated rows into an empty registry: rows per second and peak memory
    Ingest {
        /// Rows to deliver
        #[arg(long, default_value_t = 1_000_000)]
        rows: u32,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Lives of cases a second over HTTP, on an empty database and on a full one; the inbox, duplicates, and bursts of reports
    Casework {
        /// Cases to fill the database with
        #[arg(long, default_value_t = 1_000_000)]
        cases: u32,
        /// How long each of the two rates is measured
        #[arg(long, default_value_t = 20)]
        seconds: u32,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Learn which department handles what from a file of past cases, and ask about others: no database is needed
    Dispatch(Dispatch),
    /// Fill a knowledge base of the hotline with N answers and search it as an agent types: milliseconds a search
    Answers {
        /// Answers to publish
        #[arg(long, default_value_t = 20_000)]
        entries: usize,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Link N records of residents, or those of a file: seconds, memory, and how right it is
    Linkage(Linkage),
    /// Ask for portal home, catalogue search, a data set and a workbench page of the demonstration city
    Pages {
        /// Requests a second in total
        #[arg(long, default_value_t = 500)]
        rate: u32,
        /// For how long
        #[arg(long, default_value_t = 20)]
        seconds: u32,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Options of `bench dispatch`. Files are CSV with columns headed 内容 (or text) and 承办单位 (or department).
#[derive(Args, Debug, Clone)]
pub struct Dispatch {
    /// What is learned from
    #[arg(long, requires = "test", conflicts_with = "file")]
    pub train: Option<PathBuf>,
    /// What is asked about
    #[arg(long, requires = "train")]
    pub test: Option<PathBuf>,
    /// One file for both: of each department one text of five is asked about, and no text is on both sides
    #[arg(long)]
    pub file: Option<PathBuf>,
    /// With --file: ask about every text once, in five rounds, and give the figures of all of them
    #[arg(long, requires = "file")]
    pub folds: bool,
    /// Which learner: the product's own, or a plainer one to compare it with
    #[arg(long, value_enum, default_value_t = Learner::Chosen)]
    pub learner: Learner,
    /// The seed: the same seed is the same split and the same model
    #[arg(long, default_value_t = 12345)]
    pub seed: u64,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What learns.
#[derive(clap::ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learner {
    /// The widest margin with a share of naive Bayes, as much as the texts held out ask for
    Chosen,
    /// The widest margin alone
    Margin,
    /// Naive Bayes alone
    Bayes,
    /// Logistic regression (softmax), by stochastic gradient
    Softmax,
}
