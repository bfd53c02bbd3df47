//! What photographs the rest of the house may rely on; all are made here.
mod bombs;
mod crowd;
mod drawn;
mod figures;
mod hostile;
mod made;
mod said;
mod stripped;
mod taken;
