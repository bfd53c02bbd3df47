//! Acts: everything that can happen to a case. Their effects are the program's; where they lead is the procedure's.
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! acts {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $event:literal;)*) => {
        /// Something that happens to a case. The code is a noun, as in addresses and procedures.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema, sqlx::Type)]
        #[serde(rename_all = "snake_case")]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        pub enum Act {
            $($(#[$meta])* $name,)*
        }

        impl Act {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// As in rows, addresses and procedures.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The event and the audit action it leaves.
            pub fn event(self) -> &'static str {
                match self { $(Self::$name => $event,)* }
            }
        }
    };
}

acts! {
    /// A report becomes a case.
    Opening = "opening", "casework.case.opened";
    /// A held report is let in.
    Release = "release", "casework.case.released";
    /// The centre takes it on (受理, 立案).
    Acceptance = "acceptance", "casework.case.accepted";
    /// The centre answers by itself (直接答复).
    Answer = "answer", "casework.case.answered";
    /// The centre does not take it on, and says why (不予受理).
    Rejection = "rejection", "casework.case.rejected";
    /// To an organisation (派单).
    Dispatch = "dispatch", "casework.case.dispatched";
    /// The organisation takes it (签收).
    Signing = "signing", "casework.case.signed";
    /// To a person of the organisation that holds it.
    Assignment = "assignment", "casework.case.assigned";
    /// The holder passes it to an office of its own (转办).
    Transfer = "transfer", "casework.case.transferred";
    /// The holder says that it is not for it (退回).
    Return = "return", "casework.case.returned";
    /// The return is not granted: the holder keeps it (维持).
    Upholding = "upholding", "casework.case.upheld";
    /// The return is granted, and another organisation gets it (改派).
    Redirection = "redirection", "casework.case.redirected";
    /// The holder says what was done (办结反馈).
    Result = "result", "casework.case.resolved";
    /// Somebody looked: it is as the result says (核查通过).
    InspectionPassed = "inspection_passed", "casework.case.inspected";
    /// Somebody looked: it is not (核查不通过).
    InspectionFailed = "inspection_failed", "casework.case.inspection_failed";
    /// The reporter was called back and says that it is solved.
    CallbackSolved = "callback_solved", "casework.case.called_back";
    /// The reporter was called back and says that it is not.
    CallbackUnsolved = "callback_unsolved", "casework.case.callback_unsolved";
    /// The reporter could not be reached.
    CallbackUnreached = "callback_unreached", "casework.case.callback_unreached";
    /// The case is closed (结案).
    Closure = "closure", "casework.case.closed";
    /// A closed case goes on.
    Reopening = "reopening", "casework.case.reopened";
    /// The reporter takes it back.
    Withdrawal = "withdrawal", "casework.case.withdrawn";
    /// The reporter says how content he is.
    Rating = "rating", "casework.case.rated";
    /// Somebody above wants it looked after (督办).
    Supervision = "supervision", "casework.case.supervised";
    /// The holder answers a supervision.
    SupervisionReply = "supervision_reply", "casework.case.supervision_answered";
    /// The holder asks for more time (延期申请).
    ExtensionAsked = "extension_asked", "casework.case.extension_asked";
    /// More time is granted.
    ExtensionGranted = "extension_granted", "casework.case.extension_granted";
    /// More time is refused.
    ExtensionRefused = "extension_refused", "casework.case.extension_refused";
    /// The clocks stand still (挂起).
    Pause = "pause", "casework.case.paused";
    /// The clocks go on.
    Resumption = "resumption", "casework.case.resumed";
    /// It goes on in another case (并案).
    Merger = "merger", "casework.case.merged";
    /// Another report was merged into this case.
    Absorption = "absorption", "casework.case.absorbed";
    /// A part of it becomes a case of its own (拆分).
    Split = "split", "casework.case.split";
    /// It was tied to another case.
    Link = "link", "casework.case.linked";
    /// Another organisation is asked to help (协办).
    Assistance = "assistance", "casework.case.assistance_asked";
    /// The helping organisation says what it did.
    AssistanceReply = "assistance_reply", "casework.case.assistance_given";
    /// Something worth knowing.
    Note = "note", "casework.case.noted";
    /// A photo or paper was added.
    Attachment = "attachment", "casework.case.attached";
    /// Place, category or urgency were put right.
    Amendment = "amendment", "casework.case.amended";
    /// What the public may see of it was decided.
    Publication = "publication", "casework.case.published";
    /// The person who had it left, and another has it now.
    Handover = "handover", "casework.case.handed_over";
    /// A deadline is near.
    Warning = "warning", "casework.deadline.warned";
    /// A deadline has passed.
    Miss = "miss", "casework.deadline.missed";
    /// A deadline has passed long ago, and somebody higher is told.
    Escalation = "escalation", "casework.deadline.escalated";
    /// A deadline moved because the calendar changed.
    DeadlineMoved = "deadline_moved", "casework.deadline.moved";
}

impl Act {
    /// From an address or a form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.code() == text)
    }

    /// Done by the program, so that no procedure names it and no form offers it.
    pub fn is_automatic(self) -> bool {
        matches!(
            self,
            Self::Opening
                | Self::Absorption
                | Self::Handover
                | Self::Warning
                | Self::Miss
                | Self::Escalation
                | Self::DeadlineMoved
        )
    }

    /// Gives the case to the organisation named with it.
    pub fn gives_to_organisation(self) -> bool {
        matches!(self, Self::Dispatch | Self::Transfer | Self::Redirection)
    }

    /// Whether a person has to say why.
    pub fn wants_reason(self) -> bool {
        matches!(
            self,
            Self::Rejection
                | Self::Return
                | Self::Upholding
                | Self::Redirection
                | Self::InspectionFailed
                | Self::CallbackUnsolved
                | Self::Reopening
                | Self::Supervision
                | Self::SupervisionReply
                | Self::ExtensionAsked
                | Self::ExtensionRefused
                | Self::Pause
                | Self::Assistance
                | Self::AssistanceReply
                | Self::Note
                | Self::Split
        )
    }
}
