## The shell

web-brand = Jianghai
web-portal-name = City of { $city }
web-workbench-name = Workbench
web-skip = Skip to content
web-home = Home
web-nav-label = Main
web-nav-toggle = Open or close the menu
web-nav-close = Close the menu
web-crumbs-label = You are here
web-account = My account
web-sign-in = Sign in
web-sign-out = Sign out
web-to-home = Go to the home page
web-to-portal = City portal
web-to-workbench = Go to the workbench
web-reading-label = Reading options
web-text-sample = A
web-text-smaller = Smaller text
web-text-larger = Larger text
web-elder-on = Large print
web-elder-off = Leave large print
web-foot-help = Need help? Call 12345, the city service line, at any hour.
web-foot-api = Data API reference
web-foot-staff = Staff sign-in
web-foot-about = Served by the Jianghai city platform.

## Groups of the workbench's menu

web-menu-todo = To do
web-menu-data = Data
web-menu-cases = Cases
web-menu-cards = Cards
web-menu-map = Map
web-menu-admin = Administration
web-menu-portal = City portal

## Search

web-search-label = Search
web-search-submit = Search
web-search-workbench-hint = Deliveries, resources, agreements, organisations
web-search-portal-hint = Services, data, places
web-search-none = Nothing matches “{ $text }”
web-search-none-hint = Try fewer or more common words, such as “bus” or “pension”.
web-search-count = { $n ->
    [one] { $n } result
   *[other] { $n } results
}

## Buttons and links

web-continue = Continue
web-back = Back
web-save = Save
web-save-draft = Save draft
web-submit = Submit
web-cancel = Cancel
web-edit = Edit
web-change = Change
web-remove = Remove
web-add = Add
web-view = View
web-view-all = View all
web-view-rows = View the rows
web-download = Download
web-download-csv = Download CSV
web-download-json = Download JSON
web-export = Export
web-print = Print
web-copy = Copy
web-filter = Filter
web-filter-clear = Clear filters
web-sort-by = Sort by { $column }
web-columns = Choose columns
web-try-again = Try again
web-reload = Reload
web-show-more = Show more
web-show-less = Show less
web-close = Close
web-file-choose = Choose a file
web-file-drop = Drop a file here, or choose one

## Words

web-yes = Yes
web-no = No
web-all = All
web-none = None
web-unknown = Unknown
web-optional = optional
web-required = required
web-error-word = Error:
web-step-done = Done:
web-source = Source
web-updated-at = Updated { $at }
web-as-of = As of { $at }
web-since = Since { $at }
web-row-count = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
web-item-count = { $n ->
    [one] { $n } item
   *[other] { $n } items
}
web-selected-count = { $n } selected
web-masked = masked
web-reveal = Show in clear
web-organisation = Organisation
web-actor = By
web-time = Time
web-state = State
web-action = Action
web-summary = Summary
web-timeline = History
web-next-step = Next step
web-help = Help

## States

web-state-draft = Draft
web-state-waiting = Waiting
web-state-running = In progress
web-state-review = In review
web-state-done = Done
web-state-published = Published
web-state-withdrawn = Withdrawn
web-state-refused = Refused
web-state-cancelled = Cancelled
web-state-expired = Expired
web-state-failed = Failed
web-loading = Loading

## Deadlines

web-left-days = { $n ->
    [one] { $n } day left
   *[other] { $n } days left
}
web-left-hours = { $n ->
    [one] { $n } hour left
   *[other] { $n } hours left
}
web-left-minutes = { $n ->
    [one] { $n } minute left
   *[other] { $n } minutes left
}
web-late-days = { $n ->
    [one] { $n } day late
   *[other] { $n } days late
}
web-late-hours = { $n ->
    [one] { $n } hour late
   *[other] { $n } hours late
}
web-due-today = Due today
web-ago-now = just now
web-ago-minutes = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
web-ago-hours = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
web-ago-days = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}

## Paging

web-pager-label = Pages
web-pager-previous = Previous
web-pager-next = Next
web-pager-number = Page { $n }

## Forms

web-summary-title = There is a problem
web-check-title = Check your answers
web-check-hint = Read through before you submit. You can change anything that is not right.
web-receipt-number = Reference number
web-receipt-next = What happens next
web-known-from = Provided by { $organisation }

## Titles of error pages

web-error-title-invalid = Something needs correcting
web-error-title-sign-in = Please sign in
web-error-title-forbidden = You may not see this page
web-error-title-not-found = Page not found
web-error-title-conflict = Things have changed
web-error-title-too-large = Too large
web-error-title-too-many = Too many requests
web-error-title-unavailable = A service we need is away
web-error-title-internal = This page could not be opened

## What to do next

web-error-next-invalid = Go back, correct what is marked and submit again. What you typed is still on that page.
web-error-next-sign-in = You will come back to this page after signing in.
web-error-next-forbidden = If your work needs it, ask the platform administrator of your organisation and quote the request number below.
web-error-next-not-found = Check that the address is complete, or search below.
web-error-next-conflict = Go back, reload the page, and decide once you have seen how things stand.
web-error-next-too-large = Split the file, or remove columns that are not needed, and submit it again.
web-error-next-too-many = Wait a minute, then go on. Nothing you have submitted is lost.
web-error-next-unavailable = Nothing that was accepted is lost. Open this page again in a minute or two.
web-error-next-internal = The fault has been recorded. Try again in a while; if it persists, give the request number below to the people who run the platform.
web-error-request-id = Request number

## Errors that can happen anywhere

error-not-found = There is nothing at this address. It may have moved, or it may lie outside what you can see.
error-method-not-allowed = This address does not take that kind of request. Use the buttons and links on the page.
error-sign-in-needed = You need to sign in to see this page.
error-credential-unknown = The credential is not valid or has been revoked. Check with whoever issued it.
error-forbidden = Your account does not have permission to do this.
error-csrf = This form has expired, because it was open too long or you signed in again. Go back, reload the page and submit once more.
error-key-missing = The request has no Idempotency-Key. Create a UUID for each submission and send it in that header.
error-too-large = What you sent is larger than this place accepts.
error-too-many = Too many requests in a short time.
error-timeout = This took longer than allowed and was not completed.
error-database-away = The database cannot be reached. Nothing was changed.
error-disk-full = The disk for files is full and the file was not taken. Ask the people who run the platform to make room.
error-conflict = Somebody changed this after you opened it.
error-busy = Somebody else is doing the same thing now. Nothing was changed; reload in a moment to see the result.
error-malformed-form = The form is incomplete or cannot be read. Go back and fill it in again.
error-one-file-only = Send one file, in the field “file”. Nothing of this form was taken.
error-malformed-json = The body is not valid JSON, or lacks a required property.
error-internal = The program met something unexpected and did not finish.

## Field errors common to many forms

error-required = Fill this in
error-too-long = This is too long; shorten it
error-not-a-number = Enter a number
error-not-a-date = Enter a date like 2026-11-22
error-not-a-choice = Choose one of the options listed

## Additions of the frame

error-malformed-request = The address or its parameters cannot be read. Start again from a link on a page.
error-already-done = This was submitted before and has not been done twice. See the list for the result.
error-key-reused = This idempotency key was used for something else, so nothing was done. Use a new key for new content.
error-took-too-long = This query ran over its time limit. Narrow it down and try again.
error-character-unstorable = The text holds a character that cannot be used here (U+0000). Remove it and send the text again.
error-collided = Another change happened at the same moment, so this one was not made. Please submit it again.
error-audit-day-open = The audit of { $day } is not finished yet and cannot be exported. Come back the day after.
web-reference-title = API reference
web-reference-lead = Every interface this platform offers. The description for machines:
web-reference-standards = Interfaces by public standards
web-reference-parameter = Parameter
web-reference-place = In
web-reference-kind = Type
web-reference-meaning = Meaning
web-problem-title = What the error code means

## National codes and money

error-citizen-id-blank = Enter the identity number
error-citizen-id-length = An identity number has 18 characters, an old one 15; check how many there are
error-citizen-id-character = An identity number is made of digits; only the last may be an X
error-citizen-id-division = The first 6 digits of the identity number are not a division code that was ever in use
error-citizen-id-birth-date = The identity number holds a day of birth that does not exist; check digits 7 to 14
error-citizen-id-birth-in-future = The identity number holds a day of birth that is yet to come; check digits 7 to 14
error-citizen-id-checksum = The last character of the identity number does not fit the others; one of them may be mistyped
error-date-blank = Enter the date
error-date-format = Write the date as 2026-11-22 or 20261122
error-date-not-real = There is no such day in the calendar; check the month and the day
error-division-blank = Enter the division code
error-division-format = A division code has 6 digits
error-division-unknown = No division ever had this code
error-division-not-in-use = This division code was not in use at that time; check the code or the date
error-phone-blank = Enter the telephone number
error-phone-character = The telephone number has characters other than digits and separators
error-phone-format = Enter a mobile number of 11 digits, or a landline with its area code
error-phone-area-missing = The landline number lacks its area code, as in 0513-85000000
error-uscc-blank = Enter the unified social credit code
error-uscc-length = A unified social credit code has 18 characters; check how many there are
error-uscc-character = The credit code has a character that is not used in such codes (I, O, S, V and Z never are)
error-uscc-division = Characters 3 to 8 of the credit code are not a division code
error-uscc-organisation = The organisation code inside the credit code does not check; look at characters 9 to 17
error-uscc-checksum = The last character of the credit code does not fit the others; one of them may be mistyped
error-organisation-code-format = An organisation code has 8 characters and a check character
error-organisation-code-checksum = The check character of the organisation code does not fit; one character may be mistyped
error-money-format = Enter an amount, for example 1280.50
error-money-too-fine = An amount has at most two decimals
error-money-overflow = The amount is larger than can be recorded
error-money-no-weight = There is nothing to divide the amount by

## Keys, signatures and the audit

error-audit-broken = The audit of { $day } does not match its check value and may have been altered. Tell the auditors now.
error-keyring-unusable = The platform’s keys cannot be used and nothing was done. Tell the people who run the platform.
error-seal-broken = This sealed value cannot be opened and nothing was done. Tell the people who run the platform.
error-signature-invalid = The signature does not fit the content. Check the key and the text that were signed.
error-public-key-malformed = The public key cannot be read. Give an SM2 public key in PEM form.
error-file-missing = The file is not there. Choose it again and submit.
