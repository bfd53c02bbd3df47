# What waits: lists, signs, and what is offered with it
casework-tab-asked = To answer or decide
casework-asked-supervision = Supervision to answer
casework-asked-assistance = Help asked for
casework-asked-extension = Time asked for
casework-todo-extension = To decide on more time: { $number } { $title }
casework-todo-total = All { $n } cases that wait
casework-todo-total-many = More than { $n } cases wait; see all
casework-kind-code = Code of the kind
casework-ask-extension = { $who } asks to extend “{ $limit }” by { $span }: { $why }
casework-ask-extension-at = Asked { $at }
casework-ask-supervision = { $who } supervises: { $why }
casework-ask-assistance = { $whom } is asked to help: { $why }
casework-extension-undecided = undecided

# After an act
casework-done-now = The case is now: { $stage }, with { $owner }.
casework-done-closed = The case is closed: { $outcome }.
casework-done-split = This case was split off. Accept or dispatch it next.
casework-latest = The last step: { $at } { $who } { $what }. The case is now: { $stage }.
casework-latest-open = See how it stands
casework-kept = What you wrote is still below. Look at it again and send it if it still holds.
casework-kept-not = What you wrote is still below to copy; at the case's present stage this can no longer be done.

# Errors that name their field
casework-fill = Fill in “{ $field }”
casework-fill-length = “{ $field }”: write { $min } to { $max } characters
error-casework-organisation-several = { $n } organisations fit; choose one
error-casework-organisation-many = Many organisations fit; choose one below, or type more of the name

# A part of a case
casework-field-part = What this part is about
casework-field-part-hint = Say what is taken out of this case; the rest stays in it
casework-field-part-reason = Why it is split

# Photos
casework-photos-reported = As reported
casework-photos-handling = While it was handled
casework-photos-result = With the result
casework-photos-inspected = At the inspection

# Holidays
casework-day-span = { $from } to { $to }
casework-calendar-decree = By: { $source }

# Handover
casework-handover-find-from = Find who leaves by name or organisation
casework-handover-find-to = Find who takes over by name or organisation
casework-handover-cases = open cases: { $n }
casework-handover-other = Somebody else
casework-handover-nobody = Nobody: back to the organisation's inbox
casework-handover-none = Nobody found who has open cases.
casework-handover-where = Organisation
casework-handover-has = Open cases
