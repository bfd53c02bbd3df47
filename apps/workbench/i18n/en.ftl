workbench-menu = To do
workbench-title = To do
workbench-waits = Waiting for me
workbench-waits-none = Nothing waits for you
workbench-waits-none-hint = Deliveries to correct, resources to review and requests to answer appear here by deadline.
workbench-changes = Recent changes in my organisation
workbench-changes-none = No recent changes by others.
workbench-late-days = { $n ->
    [one] one day late
   *[other] { $n } days late
}
workbench-late-hours = { $n ->
    [one] one hour late
   *[other] { $n } hours late
}
workbench-left-days = { $n ->
    [one] one day left
   *[other] { $n } days left
}
workbench-left-hours = { $n ->
    [one] one hour left
   *[other] { $n } hours left
}
workbench-search-title = Search
workbench-search-start = Type the name of a resource, delivery, agreement or organisation above.
workbench-by-platform = by the platform
