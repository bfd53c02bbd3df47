# Catalogue: data standards, resources, open data.

## Menu and search

catalogue-menu-open = Open data
catalogue-menu-resources = Data directory
catalogue-menu-reviews = Catalogue reviews
catalogue-menu-elements = Data elements
catalogue-menu-code-sets = Code sets
catalogue-found-open = Open data
catalogue-found-directory = Data directory
catalogue-todo-review = Review “{ $title }” ({ $provider })
catalogue-todo-returned = Revise “{ $title }”, which was returned
catalogue-search = Search for

## Open data: searching

catalogue-open-title = Open data
catalogue-open-lead = Data that the city's departments open to everyone: read it here, download it, or fetch it with a program. No sign-in needed.
catalogue-open-search-label = Search the open data
catalogue-described-only = Described only; no data yet
catalogue-open-search-hint = For example: divisions, car parks, 行政区划
catalogue-open-filters = Filters in force
catalogue-open-count = { $n } data sets found
catalogue-open-loosely = None has all the words; these have some of them.
catalogue-open-none = No such data found
catalogue-open-none-hint = Try a shorter word or remove a filter. If the data you need is not open yet, ask for it by calling 12345.
catalogue-open-all = See all open data
catalogue-open-order = Order
catalogue-order-rank = Best match
catalogue-order-newest = Newest
catalogue-order-title = By title
catalogue-machines-title = For programs
catalogue-machines-lead = The whole catalogue also comes in common formats.
catalogue-machines-dcat = DCAT-AP description (Turtle)
catalogue-machines-ckan = CKAN API

## Open data: one data set

catalogue-about = About this data
catalogue-chart = Chart
catalogue-map = Map
catalogue-map-without = A map of where each row is. Without it, read the table below.
catalogue-map-download = Download GeoJSON
catalogue-preview = Preview
catalogue-preview-caption = Choose a column's name to sort. The preview shows at most 20 rows; download for all of them.
catalogue-rows-not-yet = No rows have arrived yet
catalogue-rows-not-yet-hint = The entry is published but its provider has not delivered rows. The contact named on this page can say when.
catalogue-rows-described = This is a description only
catalogue-rows-described-hint = These data are not held on the platform. Ask the provider if you need them.
catalogue-published-at = Published
catalogue-licence = Licence
catalogue-licence-meaning = Use, change and share it freely; name the source.
catalogue-updates = Update record
catalogue-update-rows = { $n } rows updated
catalogue-to-workbench = See it in the workbench
catalogue-to-portal = See the public page
catalogue-interface-title = Read it with a program
catalogue-interface-lead = No key is needed. The answer is JSON with one object a row; the field names are below.
catalogue-interface-first = The first 100 rows
catalogue-interface-next = While next at the end of the answer is not null, send it as after to go on.
catalogue-interface-more = Some columns only, in order
catalogue-interface-bound = One answer holds at most { $n } rows.
catalogue-interface-other = Other ways
catalogue-interface-csv = CSV with field names in its first line
catalogue-parameter-fields = Which fields, with commas between; all of them if left out.
catalogue-parameter-where = A condition, written field:test:value with the tests eq, in (values separated by |), prefix, ge and le; several must all hold.
catalogue-parameter-sort = Which field to sort by; a minus sign before it means largest first.
catalogue-parameter-limit = The most rows wanted.
catalogue-parameter-after = The next of the answer before.
catalogue-parameter-headers = For CSV only: names puts field names in the first line instead of labels.

## The parts of a resource

catalogue-code = Catalogue code
catalogue-provider = Provider
catalogue-title = Title
catalogue-title-en = Title in English
catalogue-description = Description
catalogue-description-en = Description in English
catalogue-keywords = Keywords
catalogue-theme = Theme
catalogue-format = Format
catalogue-cycle = Update cycle
catalogue-class = Classification
catalogue-sharing = Sharing
catalogue-terms = Condition, or legal basis for withholding
catalogue-condition = Condition
catalogue-basis = Legal basis
catalogue-open = Open to the public
catalogue-open-short = Open
catalogue-contact = Whom to ask
catalogue-rows = Where its rows are
catalogue-rows-none = Described only, no rows here
catalogue-state = State
catalogue-changed = Last changed
catalogue-submitted-at = Submitted
catalogue-versions = Version
catalogue-version-number = Version { $n }

## Fields

catalogue-fields-title = Fields
catalogue-fields-hint = Names use small letters, digits and underscores. A field that names a data element is checked by its rule in every delivered row. Empty lines are not saved.
catalogue-fields-none = No fields yet
catalogue-fields-none-hint = Fields are written line by line in the draft; at least one is needed.
catalogue-field-order = Order
catalogue-field-name = Name
catalogue-field-label = Label
catalogue-field-label-en = English label
catalogue-field-element = Data element
catalogue-field-type = Type
catalogue-field-unit = Unit
catalogue-field-meaning = Meaning
catalogue-field-required = required
catalogue-field-new = (new)
catalogue-field-gone = (removed)
catalogue-field-n = Field { $n }
catalogue-more-rows = Add ten more lines

## Workbench: the directory

catalogue-resources-title = Data directory
catalogue-views = Usual views
catalogue-view-all = All
catalogue-view-own = Ours
catalogue-view-drafts = Drafts
catalogue-view-review = In review
catalogue-view-conditional = Shared on conditions
catalogue-list-none = Nothing matches these filters
catalogue-list-none-hint = Remove a filter and look again.
catalogue-list-empty = The directory is empty
catalogue-list-empty-hint = It records which data each department has, who may use them and on what terms. Begin by writing the first entry.
catalogue-new-action = Register a resource
catalogue-new-title = Register a resource
catalogue-editor-title = Write the draft
catalogue-edit-draft = Go on writing
catalogue-edit-next = Write the next version
catalogue-provider-hint = The organisation that answers for the data.
catalogue-code-hint = Leave it empty to be given the next number of the theme. An existing code such as 306001/000012 may be entered.
catalogue-title-hint = Say what the data are, not which file or system they come from.
catalogue-description-hint = Two sentences: what the data are, and how they come about or what they serve.
catalogue-keywords-hint = The words people would look for, separated by semicolons.
catalogue-class-hint = Never lower than that of any field.
catalogue-terms-hint = State the condition for conditional sharing, or the clause of law that forbids sharing.
catalogue-open-check = Open the fields classified as public to everyone
catalogue-contact-hint = An office and its phone; no private number.
catalogue-rows-hint = Where rows go once delivered. Choose the first when it is only described.
catalogue-missing-title = Before this can be submitted:
catalogue-submit = Submit for review
catalogue-publish = Publish
catalogue-publish-confirm = Once published this version cannot be changed; changes make the next version.
catalogue-own-work-title = You worked on this version
catalogue-own-work-text = Whoever writes does not publish; a colleague has to do it.
catalogue-own-work-short = Own work
catalogue-return = Return for changes
catalogue-return-reason = Reason for returning
catalogue-return-hint = Say what to change and how; the writers will read it.
catalogue-withdraw-open = Withdraw this resource
catalogue-withdraw = Withdraw
catalogue-withdraw-reason = Reason for withdrawing
catalogue-withdraw-hint = The public page goes at once, and agreements on it can no longer be used.
catalogue-withdraw-confirm = After this neither the public nor other departments can use the resource.
catalogue-changes = Changes
catalogue-changes-since = See what differs from the published version
catalogue-changes-title = Changes between versions
catalogue-changes-lead = From version { $from } to version { $to }
catalogue-changes-none = The two versions say the same
catalogue-changes-none-hint = There is nothing to compare.
catalogue-part = Part
catalogue-before = Before
catalogue-after = After
catalogue-back-to-resource = Back to the resource
catalogue-reviews-title = Catalogue reviews
catalogue-reviews-lead = Longest waiting first. A colleague reviews what you wrote yourself.
catalogue-reviews-none = Nothing waits for review
catalogue-reviews-none-hint = What writers submit appears here and in your to-do list.

## Data standards

catalogue-elements-title = Data elements
catalogue-elements-lead = The city's common definitions. A field that names an element is checked by its rule in every delivered row.
catalogue-elements-none = Nothing found
catalogue-elements-none-hint = Try another word or clear the search.
catalogue-element-name = Name
catalogue-element-identifier = Identifier
catalogue-rule = Check
catalogue-length = Longest, in characters
catalogue-source = Standard
catalogue-synonyms = Other headers
catalogue-older = Earlier versions
catalogue-used-by = Resources that use it
catalogue-used-by-none = No published resource uses it yet.
catalogue-code-sets-title = Code sets
catalogue-code-sets-lead = Which codes may stand where values are limited, and what each means.
catalogue-code-set-name = Code set
catalogue-code-value = Code
catalogue-code-meaning = Meaning
catalogue-import-action = Import a standard
catalogue-import-title = Import a standard
catalogue-import-lead = Entries that have not changed stay as they are; those that have become new versions. If the file has an error, nothing is imported.
catalogue-import-kind = What to import
catalogue-import-elements-hint = One element a line, with the columns key, name_zh, type, rule and others.
catalogue-import-code-sets-hint = One code a line, with the columns code_set, set_name_zh, code, name_zh and others.
catalogue-import-file = CSV file
catalogue-import-file-hint = UTF-8, at most 8 MB.
catalogue-import-submit = Import
catalogue-import-nothing = Nothing was imported. Mend the file and try again.

## Classification

catalogue-class-public = Public
catalogue-class-internal = Internal
catalogue-class-sensitive = Sensitive

## Sharing

catalogue-sharing-unconditional = Unconditional
catalogue-sharing-conditional = Conditional
catalogue-sharing-withheld = Withheld

## Update cycle

catalogue-cycle-realtime = Live
catalogue-cycle-daily = Daily
catalogue-cycle-weekly = Weekly
catalogue-cycle-monthly = Monthly
catalogue-cycle-quarterly = Quarterly
catalogue-cycle-half_yearly = Twice a year
catalogue-cycle-yearly = Yearly
catalogue-cycle-irregular = Irregular

## State

catalogue-state-draft = Draft
catalogue-state-in_review = In review
catalogue-state-published = Published
catalogue-state-superseded = Superseded
catalogue-state-withdrawn = Withdrawn

## Kinds of rows

catalogue-rows-person = Base records of persons
catalogue-rows-organisation = Base records of organisations
catalogue-rows-place = Base records of places
catalogue-rows-dataset = A data set of its own

## Theme

catalogue-theme-population = Population and welfare
catalogue-theme-economy = Economy and business
catalogue-theme-construction = Construction and housing
catalogue-theme-transport = Transport
catalogue-theme-education = Education and culture
catalogue-theme-health = Health
catalogue-theme-environment = Environment
catalogue-theme-safety = Public safety
catalogue-theme-government = Government and credit
catalogue-theme-geography = Geography and divisions

## Format

catalogue-format-database = Database
catalogue-format-table = Table
catalogue-format-interface = Interface
catalogue-format-geographic = Geographic
catalogue-format-document = Documents

## Steps

catalogue-step-drafting = Draft begun
catalogue-step-submission = Submitted for review
catalogue-step-return = Returned for changes
catalogue-step-publication = Published
catalogue-step-supersession = Superseded
catalogue-step-withdrawal = Withdrawn

## Types

catalogue-type-text = Text
catalogue-type-integer = Whole number
catalogue-type-decimal = Decimal number
catalogue-type-date = Date
catalogue-type-instant = Date and time
catalogue-type-boolean = Yes or no
catalogue-type-code = Code
catalogue-type-point = Point

## Checks

catalogue-rule-text = Any text
catalogue-rule-citizen_id = Citizen ID number (GB 11643)
catalogue-rule-uscc = Unified social credit code (GB 32100)
catalogue-rule-division = Division code (GB/T 2260)
catalogue-rule-phone = Mobile or landline number
catalogue-rule-date = Date
catalogue-rule-year = Year of four digits
catalogue-rule-integer = Whole number
catalogue-rule-digits = Digits only
catalogue-rule-money = Amount in fen
catalogue-rule-email = E-mail address
catalogue-rule-decimal = Decimal number
catalogue-rule-code = A code of the code set
catalogue-rule-person_name = A person's name
catalogue-rule-boolean = Yes or no
catalogue-rule-longitude = Longitude
catalogue-rule-latitude = Latitude

## Permissions

permission-catalogue-resource-read = See the data directory
permission-catalogue-resource-draft = Write and submit resources
permission-catalogue-resource-review = Review resources
permission-catalogue-resource-publish = Publish and withdraw resources
permission-catalogue-standard-manage = Manage data standards
action-catalogue-standard-imported = Imported data standards
action-catalogue-resource-drafted = Drafted a resource
action-catalogue-resource-submitted = Submitted a resource for review
action-catalogue-resource-returned = Returned a resource
action-catalogue-resource-published = Published a resource
action-catalogue-resource-withdrawn = Withdrew a resource

## Errors

error-catalogue-not-found = The catalogue has no such entry, or it lies outside what you may see.
error-catalogue-forbidden = Your permission does not cover this organisation. Choose your own, or ask the platform's administrator.
error-catalogue-draft-invalid = The draft is not right yet; mend the parts named below.
error-catalogue-wrong-state = This version has moved on, so the step is no longer possible. Open the resource again to see where it stands.
error-catalogue-own-work = You worked on this version; a colleague has to publish it.
error-catalogue-no-person = A person has to publish; a program may not.
error-catalogue-reason-missing = Say why.
error-catalogue-stale = Somebody changed this draft after you opened it. What you wrote is still below; open the newest draft in another page, bring the two together, and save again.
error-catalogue-no-rows = This resource is only described; it has no rows here.
error-catalogue-import = { $file }, line { $line }: { $what }
error-catalogue-file-missing = Choose the CSV file to import.
error-catalogue-filter-field = There is no open field “{ $field }”. The data set's page lists the fields.
error-catalogue-filter-test = “{ $field }” cannot be filtered so. Write field:test:value with eq, in, prefix, ge or le.
error-catalogue-filter-value = The value compared with “{ $field }” does not fit the field's type.
error-catalogue-filter-many = Too many: at most 20 conditions with 200 values each.
error-catalogue-title-missing = Enter a title.
error-catalogue-title-long = Too long: a title has at most 120 characters in Chinese, 240 in English.
error-catalogue-text-long = Too long: descriptions and conditions have at most 2,000 characters, the contact 120.
error-catalogue-description-missing = Describe it in two sentences.
error-catalogue-keywords-missing = Enter at least one keyword.
error-catalogue-keywords-many = At most 20 keywords of 40 characters each.
error-catalogue-contact-missing = Say whom to ask about the data.
error-catalogue-condition-missing = Conditional sharing needs its condition.
error-catalogue-basis-missing = Withholding needs its legal basis.
error-catalogue-open-withheld = What is withheld cannot be open to the public. Change one of the two.
error-catalogue-open-no-field = An open resource needs at least one field classified as public.
error-catalogue-fields-missing = Enter at least one field.
error-catalogue-fields-many = At most 200 fields.
error-catalogue-field-name = The field name “{ $name }” must begin with a small letter and use small letters, digits and underscores, at most 63.
error-catalogue-field-twice = The field name “{ $name }” stands twice.
error-catalogue-field-label-long = The label of “{ $name }” is too long; at most 120 characters.
error-catalogue-field-label-missing = Give the field “{ $name }” a label.
error-catalogue-field-above-resource = The field “{ $name }” is classified higher than the resource. Raise the resource's classification.
error-catalogue-field-below-element = The field “{ $name }” is classified lower than its data element. Raise the field's classification.
error-catalogue-field-element-unknown = The data element of “{ $name }” does not exist. Choose one from the list.
error-catalogue-field-type-differs = The type of “{ $name }” differs from that of its data element.
error-catalogue-code-form = A catalogue code has letters, digits and hyphens only, 3 to 40 characters.
error-catalogue-code-taken = Another resource has this code.
error-catalogue-word = Choose one from the list.

## The API reference

catalogue-reference-title = Catalogue
