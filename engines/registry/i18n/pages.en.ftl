## Navigation

registry-page-menu-deliveries = Deliveries
registry-page-menu-people = People
registry-page-menu-organisations = Organisations
registry-page-menu-places = Places
registry-page-menu-statistics = Statistics
registry-page-menu-map = Map of divisions

## Kinds and states

registry-page-kind = Kind
registry-page-kind-person = People
registry-page-kind-organisation = Organisations
registry-page-kind-place = Places
registry-page-kind-dataset = Dataset
registry-page-kind-person-hint = Natural persons, joined by citizen ID number
registry-page-kind-organisation-hint = Companies, public bodies and associations, joined by unified social credit identifier
registry-page-kind-place-hint = Divisions, communities, schools and facilities, joined by code or by name
registry-page-kind-dataset-hint = Other data in the catalogue, checked against the fields listed there
registry-page-state-received = Waiting
registry-page-state-checking = Being opened
registry-page-state-mapping = Columns to confirm
registry-page-state-landing = In progress
registry-page-state-done = Done
registry-page-state-partial = Done in part
registry-page-state-failed = Not readable
registry-page-state-cancelled = Cancelled

## List of deliveries

registry-page-deliveries = Deliveries
registry-page-deliveries-title = Deliveries
registry-page-deliver = Deliver data
registry-page-deliveries-empty = Nothing has been delivered yet
registry-page-deliveries-empty-hint = Departments deliver CSV or XLSX files here. Each row is checked before it enters the city's base registers. Start with a first file.
registry-page-deliveries-empty-reader = Files that departments deliver will be listed here. To deliver yourself, ask your platform administrator for the right to deliver data.
registry-page-deliveries-none = No delivery matches
registry-page-deliveries-none-hint = Choose another state, kind or provider, or clear the filter to see all.
registry-page-to-deliveries = See deliveries
registry-page-file = File
registry-page-provider = Provider
registry-page-received = Received
registry-page-rows-read = Rows read
registry-page-rows-landed = Rows accepted
registry-page-rows-rejected = Rows rejected
registry-page-unit-rows = rows

## A new delivery

registry-page-new-title = Deliver data
registry-page-new-kind = What are you delivering?
registry-page-new-resource = Dataset in the catalogue
registry-page-new-resource-hint = Needed only if you chose “Dataset” above.
registry-page-new-resource-choose = Choose a dataset
registry-page-new-provider-hint = Whose data these are. You can deliver only for organisations you are responsible for.
registry-page-new-file-hint = CSV or XLSX, at most { $size }.
registry-page-new-submit = Deliver file
registry-page-new-no-provider = Your account cannot deliver for any organisation
registry-page-new-no-provider-hint = Ask your platform administrator for the right to deliver data.
registry-page-new-corrects = You are delivering a corrected version of “{ $file }”
registry-page-new-corrects-hint = Send only the corrected rows or the whole file: rows that are already there and unchanged are not added again.
registry-page-accepted = What you can deliver
registry-page-accepted-format = Format: CSV (separated by commas, semicolons or tabs) or XLSX, of which the first sheet with content is read.
registry-page-accepted-encoding = Encoding: UTF-8 or GB18030 (including GBK and GB2312), detected for you.
registry-page-accepted-header = One row of column names. Common names are recognised; we ask you about the others.
registry-page-accepted-bad = Rows with a problem are left out and listed with row, column and reason. All other rows are accepted.
registry-page-accepted-twice = Delivering the same file again changes nothing.
registry-page-columns-of = Columns for “{ $kind }”
registry-page-blank = Download a blank file (CSV)
registry-page-columns-hint = Names need not match exactly, and columns that are not required may be missing. Names are in Chinese, as in the city's data standard.

## One delivery

registry-page-refresh = Refresh
registry-page-progress-waiting = Waiting in the queue
registry-page-progress-running = Checking and storing rows
registry-page-progress-result = Result
registry-page-progress-read = { $percent }% read, { $rows } rows
registry-page-left-seconds = about { $n } seconds left
registry-page-left-minutes = about { $n } minutes left
registry-page-figure-read = Read
registry-page-figure-new = New
registry-page-figure-updated = Updated
registry-page-figure-unchanged = Unchanged
registry-page-figure-mended = Tidied
registry-page-figure-rejected = Rejected
registry-page-paused-disk-full = Paused: the disk is full. Work goes on by itself once there is room; stored rows are safe.
registry-page-paused-busy = Paused: the database is busy. Work goes on by itself.
registry-page-paused-database-away = Paused: the database is away. Work goes on by itself once it is back.
registry-page-cancel = Cancel delivery
registry-page-cancel-confirm = Reading stops here. Rows that are already stored stay; the rest are not processed.
registry-page-correct = Deliver corrected file
registry-page-rejects-download = Download rejected rows
registry-page-mapping-go = Confirm columns
registry-page-mapping-needed = Some columns are not recognised
registry-page-mapping-needed-hint = The file is stored safely and no row has been accepted yet. Work starts once you confirm the columns.
registry-page-failed = Nothing of this file was accepted
registry-page-cancelled = This delivery was cancelled
registry-page-cancelled-hint = Rows stored before that stay. Delivering the same file again checks it from the start and duplicates nothing.
registry-page-done-some = { $n } rows did not pass the checks; all others are stored
registry-page-done-none = { $n } rows, and none passed the checks: nothing is stored
registry-page-done-settled = They have been corrected or given up; nothing remains to be done.
registry-page-done-some-hint = Download the rejected rows, correct them as described, and deliver them again.
registry-page-done-same = Nothing had changed, so nothing was changed
registry-page-done-same-hint = Every row of this file is in the register already.
registry-page-done-same-file = The same file was delivered before
registry-page-done-same-open = Open that delivery
registry-page-done-all = All { $n } rows are stored
registry-page-rules = Why rows were rejected
registry-page-rules-caption = A row may have several problems; each counts once. Choose a reason to see its rows.
registry-page-rule = Reason
registry-page-rejects-first = First problems
registry-page-rejects-all = See all { $n } rows
registry-page-row = Row
registry-page-column = Column
registry-page-attribute = Data element
registry-page-value = Value
registry-page-problem = Problem and remedy
registry-page-whole-row = Whole row
registry-page-empty-value = Empty
registry-page-columns-used = How columns were read
registry-page-column-unused = Leave this column out
registry-page-fact-provider = Provider
registry-page-fact-person = Delivered by
registry-page-fact-what = Kind
registry-page-fact-resource = Dataset
registry-page-fact-format = Format
registry-page-fact-digest = File digest (SM3)
registry-page-settle = Leave as it is
registry-page-settle-confirm = The rejected rows will no longer be on anyone's list of things to do. The report stays.
registry-page-fact-corrects = Corrects
registry-page-fact-corrected-by = Corrected by
registry-page-fact-sheet = sheet “{ $sheet }”
registry-page-event-received = File received
registry-page-event-by = from { $who }
registry-page-event-started = Checking began
registry-page-event-running = In progress
registry-page-event-waiting = Waiting for columns to be confirmed
registry-page-event-finished = Finished
registry-page-event-failed = Could not go on
registry-page-event-cancelled = Cancelled
registry-page-event-cancel-asked = Asked to cancel; stopping
registry-page-event-took = took { $time }
registry-page-took-seconds = { $n } s
registry-page-took-minutes = { $m } min { $n } s
registry-page-took-moment = less than a second

## Records of a delivery

registry-page-landed-title = Records stored
registry-page-landed-new = New
registry-page-landed-updated = Updated
registry-page-landed-none = No such records
registry-page-landed-none-hint = Later deliveries may have replaced what this one brought.
registry-page-landed-lead = Records that still use what this delivery brought; those updated since are not listed.

## Naming columns

registry-page-mapping-title = Confirm columns
registry-page-mapping-lead = Still missing: { $missing }. Point them out below; other columns may be left out.
registry-page-mapping-caption = Samples are taken from the first rows. What may be personal is masked.
registry-page-mapping-samples = Samples
registry-page-mapping-label = Data element for “{ $column }”
registry-page-mapping-suggested = Judged by its content: please check
registry-page-mapping-required = { $label } (required)
registry-page-mapping-kept = The next file with the same column names from this provider will be read in the same way.
registry-page-mapping-submit = Confirm and start
registry-page-header-empty = (no name)

error-registry-page-mapping-twice = Two columns are set to “{ $label }”. Keep one and leave the other out
error-registry-page-mapping-missing = No column is set to “{ $labels }”. Choose it below, or add it to the file and deliver again
error-registry-page-file-missing = Choose the file to deliver
error-registry-page-resource-missing = Choose which dataset of the catalogue you are delivering

## Rejected rows

registry-page-rejects-title = Rejected rows
registry-page-rejects-lead = The download keeps your columns and adds one with the reason. Correct the rows and deliver the file as it is: the added column is ignored.
registry-page-rejects-none = No rows were rejected
registry-page-rejects-none-hint = Every row of this delivery passed its checks.
registry-page-rejects-narrow = No rows were rejected for this reason
registry-page-rejects-narrow-hint = Clear the filter to see all rejected rows.

## Search

registry-page-people-title = People
registry-page-organisations-title = Organisations
registry-page-places-title = Places
registry-page-search-name = Name
registry-page-search-organisation = Name of organisation
registry-page-search-place = Name of place
registry-page-search-id = Citizen ID number
registry-page-search-uscc = Unified social credit identifier
registry-page-search-code = Code of place
registry-page-search-phone = Telephone
registry-page-search-division = County or district
registry-page-search-people = Find people
registry-page-search-organisations = Find organisations
registry-page-search-places = Find places
registry-page-filters = Search terms
registry-page-filter-remove = Remove this term
registry-page-filter-id = Citizen ID number given
registry-page-filter-phone = Telephone given
registry-page-people-start = Whom are you looking for?
registry-page-people-start-hint = Give the beginning of the name (two characters or more), or a complete citizen ID or telephone number. Numbers never appear in the address bar.
registry-page-records-none = Nothing found
registry-page-none-people = Check the beginning of the name, or search by complete citizen ID or telephone number.
registry-page-none-organisations = Check the beginning of the name, or search by the complete 18-character identifier.
registry-page-none-places = Check the beginning of the name, or choose another county.
registry-page-sources = Sources
registry-page-changed = Last changed
registry-page-sex = Sex
registry-page-born = Date of birth
registry-page-industry = Industry
registry-page-established = Established on
registry-page-category = Kind
registry-page-unnamed = (no name)

error-registry-page-name-short = Give at least two characters of the name, such as 张伟
error-registry-page-search-empty = Give a name, a citizen ID number or a telephone number
error-registry-page-id-number = Give all 18 characters of the citizen ID number (or 15 of an old one) and check the last
error-registry-page-phone = Give a complete mobile number, or a landline with its area code, such as 13812345678
error-registry-page-uscc = Give all 18 characters of the unified social credit identifier and check each of them
error-registry-page-purpose = State the purpose in at least four characters, such as “review of relief”

## One record

registry-page-record-caption = One value stands for each element; other departments' differing values can be unfolded.
registry-page-source = Source and rule
registry-page-sensitive = sensitive
registry-page-differing = { $n } differing values
registry-page-purpose = Purpose
registry-page-purpose-hint = State the matter you need this for. Purpose, time and your name go into the audit and cannot be removed.
registry-page-reveal-submit = Show in full
registry-page-revealed-title = { $label } in full
registry-page-revealed-at = Shown at
registry-page-revealed = This reading is in the audit
registry-page-revealed-hint = The value is shown on this page once; to see it again, state the purpose again. Please do not copy the screen.
registry-page-revealed-back = Done, back to the record
registry-page-record-sources = Where the data come from
registry-page-chosen-only = only source
registry-page-chosen-agree = { $n } departments agree
registry-page-chosen-ranked = Departments differ; by rule: { $basis }
registry-page-chosen-latest = Departments differ; latest received
registry-page-choice-title = How a value is chosen
registry-page-choice-text = Where departments differ, the department in charge comes first, then what was received last. What each department delivered is kept.

## Map of divisions

registry-page-map-title = Map of divisions
registry-page-map-measures = What to show
registry-page-map-empty = Nothing to count on the map yet
registry-page-map-empty-hint = Once people or organisations are registered, their numbers by county appear here.
registry-page-map-heading = { $what }: { $n } { $unit } in all
registry-page-map-label = Map of Nantong's counties by { $what }
registry-page-map-attribution = Outlines: 2015, approximate
registry-page-map-instead = The map needs a browser with scripts.
registry-page-map-to-numbers = See the numbers by county
registry-page-map-note = Outlines are those of 2015 and are no evidence of any border. In 2020 Chongchuan and Gangzha merged into the new Chongchuan District and Haimen City became Haimen District: the map shows and counts today's divisions.
registry-page-map-numbers = Counties ranked
registry-page-map-both = All numbers by county
registry-page-division = County or district
registry-page-division-code = Division code
registry-page-division-elsewhere = Outside the city or not stated
registry-page-population = People registered
registry-page-enterprises = Organisations registered
registry-page-unit-people = people
registry-page-unit-organisations = organisations
registry-page-unit-places = places
registry-page-from-people = Source: register of people, by county of residence
registry-page-from-organisations = Source: register of organisations, by county of registration

## Statistics

registry-page-statistics-title = Statistics
registry-page-statistics-empty = Nothing to count yet
registry-page-statistics-empty-hint = Once departments' data are stored, statistics of people, organisations and quality appear here.
registry-page-statistics-none = No data for this yet.
registry-page-places = Places registered
registry-page-statistics-county = People by county
registry-page-statistics-sex = People by sex
registry-page-statistics-age = People by age
registry-page-statistics-rate = Providers by share of rejected rows
registry-page-statistics-providers = What providers delivered, and how well
registry-page-people-male = Male
registry-page-people-female = Female
registry-page-people-sex-other = Not stated
registry-page-age-band = Age
registry-page-age-over = { $from } and over
registry-page-reject-rate = Rejected
registry-page-rejected-per-mille = Rejected per thousand
registry-page-unit-per-mille = per thousand
registry-page-note = { $source }, as of { $at }
registry-page-source-people = Source: register of people
registry-page-source-organisations = Source: register of organisations
registry-page-source-places = Source: register of places
registry-page-source-deliveries = Source: all deliveries
registry-page-statistics-age-note = Source: register of people; age by year of birth, as of { $at }

## The city at a glance

registry-page-glance-people = People registered
registry-page-glance-organisations = Organisations registered
registry-page-glance-places = Places registered
registry-page-glance-born = by decade of birth
registry-page-glance-established = by year of establishment
registry-page-glance-decade = { $year }s
registry-page-glance-year = { $year }
registry-page-glance-source-people = City register of people, joined from departments' deliveries
registry-page-glance-source-organisations = City register of organisations, joined from departments' deliveries
registry-page-glance-source-places = City register of places, joined from departments' deliveries

## To do

registry-page-todo-mapping = Confirm the columns of “{ $file }” ({ $provider })
registry-page-todo-rejects = “{ $file }”: rejected rows to correct, { $n } ({ $provider })
registry-page-todo-failed = Deliver “{ $file }” again: it could not be read ({ $provider })

## Reasons and remedies

registry-page-rule-citizen-id-blank = The citizen ID number is blank
registry-page-mend-citizen-id-blank = Add it.
registry-page-rule-citizen-id-length = The citizen ID number has the wrong length
registry-page-mend-citizen-id-length = It has 18 characters, or 15 on an old card.
registry-page-rule-citizen-id-character = The citizen ID number has characters that are not allowed
registry-page-mend-citizen-id-character = Use digits only; the last may be X.
registry-page-rule-citizen-id-division = The citizen ID number begins with a code that no division ever had
registry-page-mend-citizen-id-division = Compare the first six digits with the card.
registry-page-rule-citizen-id-birth-date = The citizen ID number holds a day that does not exist
registry-page-mend-citizen-id-birth-date = Compare digits 7 to 14 with the card.
registry-page-rule-citizen-id-birth-in-future = The citizen ID number holds a day that is yet to come
registry-page-mend-citizen-id-birth-in-future = Compare digits 7 to 14 with the card.
registry-page-rule-citizen-id-checksum = The check character of the citizen ID number does not fit
registry-page-mend-citizen-id-checksum = One character is wrong: compare each with the card.
registry-page-rule-date-blank = The date is blank
registry-page-mend-date-blank = Add it.
registry-page-rule-date-format = The date cannot be read
registry-page-mend-date-format = Write 2026-11-22, 20261122 or 2026年11月22日.
registry-page-rule-date-not-real = There is no such day
registry-page-mend-date-not-real = Check month and day.
registry-page-rule-date-in-future = The day is yet to come
registry-page-mend-date-in-future = Only days that have come are possible here: check the year.
registry-page-rule-division-blank = The division code is blank
registry-page-mend-division-blank = Add the six digits.
registry-page-rule-division-format = The division code is not six digits
registry-page-mend-division-format = Write six digits, such as 320613.
registry-page-rule-division-unknown = There is no such division
registry-page-mend-division-unknown = Check code or name, such as 320613 or 崇川区.
registry-page-rule-division-not-in-use = The division code was not in use at that time
registry-page-mend-division-not-in-use = Use the code of that time.
registry-page-rule-division-ambiguous = Several divisions have this name
registry-page-mend-division-ambiguous = Write the six-digit code, or name province and city.
registry-page-rule-phone-blank = The telephone number is blank
registry-page-mend-phone-blank = Add it.
registry-page-rule-phone-character = The telephone number has characters that are not allowed
registry-page-mend-phone-character = Keep digits and hyphens only.
registry-page-rule-phone-format = The telephone number is not complete
registry-page-mend-phone-format = Write 11 digits of a mobile, or a landline with its area code.
registry-page-rule-phone-area-missing = The landline has no area code
registry-page-mend-phone-area-missing = Add it, as in 0513-85000000.
registry-page-rule-uscc-blank = The credit identifier is blank
registry-page-mend-uscc-blank = Add it.
registry-page-rule-uscc-length = The credit identifier has the wrong length
registry-page-mend-uscc-length = It has 18 characters.
registry-page-rule-uscc-character = The credit identifier has characters that are not allowed
registry-page-mend-uscc-character = It never uses I, O, S, V, Z: check for digits mistaken for them.
registry-page-rule-uscc-division = Characters 3 to 8 of the credit identifier are no division
registry-page-mend-uscc-division = Compare them with the licence.
registry-page-rule-uscc-organisation = The organisation code inside the credit identifier does not check
registry-page-mend-uscc-organisation = Compare characters 9 to 17 with the licence.
registry-page-rule-uscc-checksum = The check character of the credit identifier does not fit
registry-page-mend-uscc-checksum = One character is wrong: compare each with the licence.
registry-page-rule-missing = A required value is missing
registry-page-mend-missing = Fill it in.
registry-page-rule-too-long = The text is too long
registry-page-mend-too-long = At most { $detail } characters.
registry-page-rule-code-unknown = The value is not in the code set
registry-page-mend-code-unknown = Possible values: { $detail }
registry-page-rule-code-set-missing = The platform lacks the code set
registry-page-mend-code-set-missing = Ask the platform administrator to import the standards, then deliver again.
registry-page-rule-name-character = The name has a character that names do not have
registry-page-mend-name-character = Remove digits and signs such as “{ $detail }”.
registry-page-rule-control-character = The cell holds an invisible control character
registry-page-mend-control-character = Clear the cell and type it again.
registry-page-rule-email-format = The e-mail address cannot be right
registry-page-mend-email-format = Write it like name@example.cn.
registry-page-rule-boolean-format = Yes or no is expected
registry-page-mend-boolean-format = Write 是 or 否.
registry-page-rule-instant-format = The time cannot be read
registry-page-mend-instant-format = Write 2026-11-22 15:04.
registry-page-rule-point-format = The point cannot be read
registry-page-mend-point-format = Write longitude and latitude, as in 120.86,32.01.
registry-page-rule-degrees-range = The coordinate is out of range
registry-page-mend-degrees-range = It lies between { $detail }: check whether longitude and latitude are swapped.
registry-page-rule-year-format = The year cannot be read
registry-page-mend-year-format = Write four digits, such as 2015.
registry-page-rule-digits-format = Digits are expected
registry-page-mend-digits-format = Keep digits only, zeros in front included.
registry-page-rule-integer-format = A whole number is expected
registry-page-mend-integer-format = Remove decimals and units.
registry-page-rule-decimal-format = A number is expected
registry-page-mend-decimal-format = Remove units and words.
registry-page-rule-birth-disagrees = The date of birth differs from the citizen ID number
registry-page-mend-birth-disagrees = Check which of the two is wrong.
registry-page-rule-sex-disagrees = The sex differs from the citizen ID number
registry-page-mend-sex-disagrees = Check which of the two is wrong.
registry-page-rule-died-before-birth = The day of death is before the day of birth
registry-page-mend-died-before-birth = Check the day of death.
registry-page-rule-guardian-is-self = The guardian is the person himself
registry-page-mend-guardian-is-self = Give the guardian's number.
registry-page-rule-formula-cell = The cell is a formula
registry-page-mend-formula-cell = { $detail } is a formula: paste it as a value.
registry-page-rule-error-cell = The cell is an error
registry-page-mend-error-cell = { $detail } shows an error: put the right value there.
registry-page-rule-number-lost-digits = The spreadsheet has cut the number off
registry-page-mend-number-lost-digits = { $detail } lost its last digits: format the column as text and type it again.
registry-page-rule-row-encoding = The row holds bytes that are no text
registry-page-mend-row-encoding = The encoding is wrong from byte { $detail }: save as UTF-8 or GB18030.
registry-page-rule-row-ragged = The row has another number of columns than the header
registry-page-mend-row-ragged = Found and expected: { $detail }. Look for missing or extra separators.
registry-page-rule-quote-unclosed = A quotation mark is not closed
registry-page-mend-quote-unclosed = Add the missing one.
registry-page-rule-file-ends-in-quotes = The file ends inside quotation marks
registry-page-mend-file-ends-in-quotes = It may be cut off: export it again.
registry-page-rule-row-too-long = The row is too long
registry-page-mend-row-too-long = At most { $detail } MB: look for a missing line break or quotation mark.
registry-page-rule-cell-too-long = The cell is too long
registry-page-mend-cell-too-long = Shorten column { $detail }.

## Why a file cannot be used

registry-page-failure-file-empty = The file is empty. Check the export and deliver it again. { $detail }
registry-page-failure-file-unreadable = The stored file cannot be read. Tell the platform's operators. { $detail }
registry-page-failure-encoding-wrong = The file is encoded in { $detail }. Save it as CSV in UTF-8 or GB18030 and deliver it again.
registry-page-failure-file-not-text = The file is neither text nor XLSX. Export it as CSV or XLSX and deliver it again. { $detail }
registry-page-failure-format-wrong = This is a { $detail } file. Save it as CSV or XLSX and deliver it again.
registry-page-failure-workbook-encrypted = The workbook has a password. Remove it and deliver the file again. { $detail }
registry-page-failure-workbook-too-large = The workbook unpacks beyond the limit ({ $detail }). Split it, or deliver it as CSV.
registry-page-failure-workbook-damaged = The workbook is incomplete or damaged ({ $detail }). Export it again and deliver it.
registry-page-failure-header-duplicate = Two columns mean the same: { $detail }. Remove or rename one and deliver the file again.
registry-page-failure-header-absent = The file has no header: its first row is data. Add a row of column names at the top (for example "姓名,身份证号") and deliver it again. { $detail }
registry-page-failure-header-missing = Required columns are missing: { $detail }. Name them in the first row and deliver the file again.
registry-page-failure-too-many-columns = There are too many columns. Remove those not needed and deliver the file again. { $detail }
registry-page-failure-resource-gone = The catalogue no longer has this dataset, or it takes no rows. Look in the catalogue. { $detail }

## Order of sources

registry-page-menu-rules = Order of sources
registry-page-rules-of-choice = Order of sources
registry-page-rules-of-choice-lead = Where departments differ, the one placed first stands. Where nobody is placed, the value received last stands.
registry-page-rules-bases = Base databases
registry-page-order = Whose value stands
registry-page-order-latest = The latest received
registry-page-order-change = Change
registry-page-order-change-of = Change the order for { $label }
registry-page-keeper-title = Keeper of the base
registry-page-keeper-hint = Base resources of the keeper give the values chosen among all departments; those of others give what that department delivered.
registry-page-keeper = Keeper
registry-page-keeper-none = Nobody yet
registry-page-revision-running = Choosing values anew by the order of { $at }
registry-page-revision-title = Last chosen anew
registry-page-revision-figures = { $seen } records with several sources were looked at; value or source changed in { $changed }.
registry-page-rule-lead = Choose whose value comes first, and say on what basis. The basis is shown beside the source of every record.
registry-page-rule-none = No department has delivered such data
registry-page-rule-none-hint = There is something to put in order once a department has delivered.
registry-page-place-column = Place
registry-page-place = Place { $n }
registry-page-place-none = None
registry-page-place-of = Place of { $name }
registry-page-basis = Basis
registry-page-basis-of = Basis of { $name }
registry-page-basis-example = For example: keeps the household register
registry-page-rule-effect = After saving, records are chosen anew in the background. What departments delivered stays as it is.

## The API reference

registry-reference-title = Registers and deliveries
