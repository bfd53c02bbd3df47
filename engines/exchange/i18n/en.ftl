## Menu and permissions

menu-exchange-requests = Data requests
menu-exchange-agreements = Sharing agreements
permission-exchange-request-create = Ask for data, accept offers, end agreements
permission-exchange-request-decide = Decide requests for data, revoke agreements
permission-exchange-agreement-read = See requests, agreements and call logs
permission-exchange-call = Call data under an agreement
action-exchange-request-made = Asked for data
action-exchange-request-offered = Offered terms
action-exchange-request-refused = Refused a request for data
action-exchange-request-withdrawn = Withdrew a request for data
action-exchange-agreement-made = Made a sharing agreement
action-exchange-agreement-expired = A sharing agreement ran out
action-exchange-agreement-revoked = Revoked a sharing agreement
action-exchange-agreement-ended = Ended a sharing agreement

## Lists

exchange-requests-title = Data requests
exchange-agreements-title = Sharing agreements
exchange-sides-label = Seen from
exchange-side-any = All
exchange-side-asking = We ask
exchange-side-providing = We are asked
exchange-side-using = We use
exchange-side-giving = We provide
exchange-filter-text = Number, resource or organisation
exchange-number = Number
exchange-resource = Resource
exchange-code = Catalogue code
exchange-requester = Asked by
exchange-user = Used by
exchange-provider = Provider
exchange-changed-at = Last change
exchange-quota = Calls a day
exchange-rate = Calls a minute
exchange-from-on = First day
exchange-from-on-hint = Calls are answered from this day.
exchange-to-on = Last day
exchange-made-at = Made on
exchange-requests-empty = No requests yet
exchange-requests-empty-hint = When you need another department's data, ask here and say what for. What others ask of you is listed here too.
exchange-requests-none = No request matches
exchange-requests-none-hint = Try another state or a shorter word.
exchange-agreements-empty = No agreements yet
exchange-agreements-empty-hint = A request that is granted becomes an agreement, and the data are called under it.
exchange-agreements-none = No agreement matches

## States

exchange-state-requested = To be decided
exchange-state-offered = Offer to answer
exchange-state-agreed = Agreed
exchange-state-refused = Refused
exchange-state-withdrawn = Withdrawn
exchange-state-in-force = In force
exchange-state-expired = Expired
exchange-state-revoked = Revoked
exchange-state-ended = Ended

## Asking

exchange-ask-action = Ask for data
exchange-ask-title = Ask for data
exchange-ask-submit = Send the request
exchange-choose-title = Choose the resource to ask for
exchange-choose-text = Title, catalogue code or provider
exchange-choose-empty = No resource found
exchange-choose-empty-hint = Only published resources that have data can be asked for. Try a shorter word.
exchange-choose-other = Choose another resource
exchange-barred-title = This resource cannot be asked for
exchange-purpose = Purpose
exchange-purpose-hint = What work is done and why it needs these data, in 10 to 500 characters. The agreement allows this use and no other.
exchange-legal-basis = Legal basis
exchange-legal-basis-optional = Legal basis (optional)
exchange-legal-basis-hint = For example, Interim Measures for Social Assistance, article 58.
exchange-fields = Fields
exchange-fields-hint = Tick only what the work needs. Sensitive fields come masked; where clear text is needed, say why, and the provider decides.
exchange-clear-reason-ask = Why clear text is needed (leave empty for masked)
exchange-rows = Rows (optional)
exchange-rows-hint = Fill in when only part of the rows is needed; all lines must hold. Separate the values of “is one of” by commas.
exchange-rows-all = All rows
exchange-condition-none = No limit
exchange-condition-field = Field of condition { $n }
exchange-condition-operator = Comparison of condition { $n }
exchange-condition-value-label = Value of condition { $n }
exchange-operator-eq = is
exchange-operator-in = is one of
exchange-operator-prefix = begins with
exchange-operator-ge = is at least
exchange-operator-le = is at most
exchange-condition-eq = { $field } is { $value }
exchange-condition-in = { $field } is one of { $value }
exchange-condition-prefix = { $field } begins with { $value }
exchange-condition-ge = { $field } is at least { $value }
exchange-condition-le = { $field } is at most { $value }
exchange-to-on-hint = Included; three years at most.
exchange-calls-a-day = Calls expected a day
exchange-calls-a-day-hint = On the busiest day.
exchange-onward = Onward use
exchange-onward-hint = Whether others are to use the data too.
exchange-onward-forbidden = None
exchange-onward-own-offices = By our own offices
exchange-sharing = Sharing
exchange-sharing-unconditional = Unconditional
exchange-sharing-conditional = On conditions
exchange-sharing-withheld = Withheld
exchange-class = Class
exchange-class-public = Public
exchange-class-internal = Internal
exchange-class-sensitive = Sensitive
exchange-type-text = text
exchange-type-integer = whole number
exchange-type-decimal = decimal
exchange-type-date = date
exchange-type-instant = time
exchange-type-boolean = yes or no
exchange-type-code = code
exchange-type-point = position
exchange-version = Version
exchange-version-n = version { $n }
exchange-what-next = After you send it
exchange-next-by-rule = This resource is shared unconditionally: the agreement is in force at once. Where you ask for a sensitive field in clear, the provider decides.
exchange-next-decision = { $provider } will grant it, grant less, or refuse with a reason. If it grants less, nothing is in force until you accept.

## One request

exchange-terms = Asked and given
exchange-item = Item
exchange-asked = Asked
exchange-given = Given
exchange-narrowed = less
exchange-term = Term
exchange-a-day = { $n } calls a day
exchange-a-minute = { $n } calls a minute
exchange-term-span = { $from } to { $to }
exchange-handling-masked = Masked
exchange-handling-given = Given
exchange-handling-clear-because = In clear: { $reason }
exchange-handling-not-given = Not given
exchange-not-said = Not said
exchange-decision-note = The provider says
exchange-decide-action = Decide
exchange-open-agreement = Open agreement { $number }
exchange-accept-action = Accept the offer
exchange-accept-confirm = The agreement will be in force at once, on the terms under “Given”.
exchange-decline-action = Decline and withdraw
exchange-withdraw-action = Withdraw the request
exchange-reason-optional = Reason (optional)
exchange-offer-title = The provider offers less than was asked
exchange-offer-text = Compare “Asked” with “Given”. Accept, and the agreement is in force at once; or withdraw and ask again.
exchange-own-title = You made this request
exchange-by-rule-title = Approved by rule
exchange-by-rule-text = The resource is shared unconditionally and no sensitive field was asked in clear, so the rule approved it when it was sent. No person decided.

## Deciding

exchange-decision-title = Decide a request for data
exchange-decision-lead = Confirm without changing anything to grant what was asked; the agreement is then in force at once. Untick, lower, shorten or add row conditions to offer less; the asker then has to accept. You cannot give more than was asked.
exchange-give = Give
exchange-give-masked = Give masked
exchange-asked-clear-because = Asked in clear because: { $reason }
exchange-clear-reason-give = Why it is given in clear (leave empty for masked)
exchange-rows-asked = Rows asked
exchange-rows-add = Further row conditions (optional)
exchange-rows-add-hint = They hold together with those asked, so they can only narrow.
exchange-note = A word to the asker (optional)
exchange-note-hint = When you offer less, saying why saves a telephone call.
exchange-grant-submit = Confirm what is given
exchange-refuse-title = Refuse
exchange-refuse-reason = Why it is refused
exchange-refuse-reason-hint = The asker reads this; at least 5 characters.
exchange-refuse-submit = Refuse this request

## Agreement

exchange-clauses = Clauses
exchange-clause-n = Clause { $n }
exchange-clause-parties = Parties
exchange-clause-resource = Resource
exchange-clause-fields = Fields
exchange-clause-rows = Rows
exchange-clause-purpose = Purpose
exchange-clause-quota = Calls a day
exchange-clause-rate = Rate
exchange-clause-term = Term
exchange-clause-onward = Onward use
exchange-clause-closing = Ending
exchange-closed-title = Stopped at { $at }; no call is answered any more
exchange-outside-term-title = Today is outside the term
exchange-from-request = From the request
exchange-usage = Calls of the last 30 days
exchange-usage-note = Counted anew at midnight in Beijing
exchange-usage-days = Show the count of each day
exchange-today-answered = Answered today
exchange-today-refused = Refused today
exchange-today-left = Left today
exchange-times = calls
exchange-day = Day
exchange-calls-unit = Calls
exchange-no-calls = No calls yet. Once the user's system calls as shown below, each day's calls appear here.
exchange-try = Try a call
exchange-try-text = Put the user's own credential into the environment variable JIANGHAI_CREDENTIAL and run this line in a terminal.
exchange-revoke-action = Revoke
exchange-revoke-title = Revoke the agreement
exchange-revoke-text = The next call of { $user } is refused and shows the reason you give. This cannot be undone; they would have to ask again.
exchange-revoke-reason = Why it is revoked
exchange-revoke-reason-hint = The user reads this; at least 5 characters.
exchange-revoke-submit = Revoke now
exchange-end-action = End
exchange-end-title = End the agreement
exchange-end-text = Your next call is refused. This cannot be undone; you would have to ask again.
exchange-end-submit = End now

## Timeline

exchange-step-requested = Requested
exchange-step-approved = Approved
exchange-step-approved-by-rule = Approved by rule
exchange-step-offered = Less was offered
exchange-step-refused = Refused
exchange-step-accepted = Offer accepted, agreement in force
exchange-step-withdrawn = Withdrawn
exchange-step-expired = The term is over
exchange-step-revoked = Revoked
exchange-step-ended = Ended

## Call log

exchange-calls-title = Call log
exchange-calls-note = Both sides see the same log. Of personal values in conditions only a keyed hash is kept (after #).
exchange-calls-empty = No calls
exchange-calls-empty-hint = Every call of the user's system adds a line here, answered or not.
exchange-calls-latest = Back to the latest
exchange-outcome-answered = Answered
exchange-outcome-refused = Refused
exchange-outcome-failed = Failed
exchange-call-time = Time
exchange-call-caller = Caller
exchange-call-fields = Fields
exchange-call-filter = Conditions
exchange-call-rows = Rows
exchange-call-outcome = Outcome
exchange-call-clause = Clause
exchange-call-code = Code
exchange-call-elapsed = Milliseconds
exchange-call-request = Request id

## To-do and links

exchange-todo-decide = Decide request { $number } of { $other }: { $resource }
exchange-todo-offer = Answer the offer of { $other } on { $number }: { $resource }
exchange-todo-ending = Agreement { $number } runs out soon: { $resource }
exchange-offer-link = Ask for these data

## Errors

error-exchange-not-found = There is no such request, agreement or resource, or it is outside what you may see.
error-exchange-out-of-scope = The organisation you act for is outside this permission. Switch organisation, or ask the administrator.
error-exchange-invalid = A few things need mending.
error-exchange-withheld = This resource is withheld from sharing, by: { $basis }
error-exchange-own-resource = Your own organisation provides this resource; there is nothing to ask.
error-exchange-no-rows = Only a description of this resource is here, no data. Speak to the provider.
error-exchange-resource-gone = The resource has been withdrawn; no agreement can be made on it.
error-exchange-same-person = A request is decided by somebody other than the person who made it. Please leave it to a colleague.
error-exchange-no-person = This step needs a member of staff; a system's credential cannot take it.
error-exchange-wrong-state = Things have moved on and this step is no longer possible. Open it again to see where it stands.
error-exchange-source-away = The rows cannot be reached just now. This call was not counted; please call again later.
error-exchange-text-missing = Please fill this in
error-exchange-text-short = Too short; at least { $min } characters
error-exchange-text-long = Too long; at most { $max } characters
error-exchange-text-control = It contains invisible control characters; please remove them
error-exchange-fields-none = Choose at least one field
error-exchange-field-unknown = The resource has no field “{ $name }”; please choose again
error-exchange-clear-reason-missing = A sensitive field was asked in clear: give it in clear with a reason, or masked
error-exchange-conditions-many = Too many row conditions; please combine some
error-exchange-condition-incomplete = One condition has no field
error-exchange-condition-field = The resource has no field “{ $name }” to put a condition on
error-exchange-condition-test = This comparison does not suit the field “{ $name }”
error-exchange-condition-no-code = “{ $value }” is no code of “{ $name }”. Give a code{ $code }
error-exchange-condition-meant = “{ $value }” is a name. “{ $name }” is compared by code: give { $code }
error-exchange-condition-value = The value for “{ $name }” is missing, too long, or not of the field's type
error-exchange-quota-range = Calls a day: a whole number from 1 to 100 million
error-exchange-rate-range = Calls a minute: a whole number from 1 to 100 million
error-exchange-from-past = The first day cannot be before today
error-exchange-from-far = The first day must be within a year
error-exchange-term-order = The last day cannot be before the first
error-exchange-term-past = The last day is over already
error-exchange-term-long = Three years at most
error-exchange-wider-fields = Only fields that were asked can be given
error-exchange-wider-clear = A field not asked in clear can only be given masked
error-exchange-wider-rows = The rows asked cannot be widened
error-exchange-wider-quota = No more calls a day than were asked
error-exchange-wider-rate = No more calls a minute than go with what was asked
error-exchange-wider-term = The term cannot reach beyond what was asked
error-exchange-wider-onward = Onward use was not asked

## Refused calls

error-exchange-not-party = Clause { $clause } (parties): only the agreement's user may call.
error-exchange-revoked = Clause { $clause } (ending): revoked at { $at } by { $by }, because: { $reason }
error-exchange-ended = Clause { $clause } (ending): ended at { $at } by { $by }.
error-exchange-term-over = Clause { $clause } (term): the term was over on { $to_on }.
error-exchange-term-ahead = Clause { $clause } (term): the term begins on { $from_on }.
error-exchange-resource-withdrawn = Clause { $clause } (resource): the provider has withdrawn the resource.
error-exchange-over-quota = Clause { $clause } (calls a day): today's { $limit } calls are used; counted anew at { $resets_at } in Beijing.
error-exchange-over-rate = Clause { $clause } (rate): this minute's { $limit } calls are used; call again in { $retry_after_s } s.
error-exchange-field-not-agreed = Clause { $clause } (fields): “{ $field }” is not agreed, neither as a column nor as a condition.
error-exchange-masked-search = Clause { $clause } (fields): “{ $field }” is masked and cannot be searched by; a masked identity number or telephone can be searched by the whole number.
error-exchange-outside-rows = Clause { $clause } (rows): the condition on “{ $field }” lies outside the agreed rows.
error-exchange-query-many = Too many of the parameter “{ $parameter }”; please make several calls.
error-exchange-query-value = The value of the parameter “{ $parameter }” is empty, too long or unreadable.
error-exchange-query-size = The parameter “{ $parameter }” must be a whole number from 1 to 1000.
error-exchange-query-parameter = The parameter “{ $parameter }” is not known. Write conditions as field=value, or field.in, field.prefix, field.ge, field.le.

## The API reference

exchange-reference-title = Data exchange
