# One company with a workspace on each continent: three blocks, one module.

inlay {
  warehouse = "warehouse"
}

# Simulated workspaces, so that this applies anywhere. For your own accounts put
# access_token = env("…") and region in place of the sandbox blocks.

connection "intercom" "us" {
  sandbox {
    contacts = 150
    seed     = 1
  }
}

connection "intercom" "eu" {
  sandbox {
    contacts = 100
    seed     = 2
    timezone = "Europe/Dublin"
  }
}

connection "intercom" "au" {
  sandbox {
    contacts = 50
    seed     = 3
    timezone = "Australia/Sydney"
  }
}

schedule "nightly" {
  for_each = { us = "America/New_York", eu = "Europe/Dublin", au = "Australia/Sydney" }
  cron     = "30 1 * * *"
  timezone = each.value
}

module "us" {
  source     = "./modules/workspace"
  connection = connection.intercom.us
  schedule   = schedule.nightly["us"]
  database   = "crm_us"
}

module "eu" {
  source     = "./modules/workspace"
  connection = connection.intercom.eu
  schedule   = schedule.nightly["eu"]
  database   = "crm_eu"
}

module "au" {
  source     = "./modules/workspace"
  connection = connection.intercom.au
  schedule   = schedule.nightly["au"]
  database   = "crm_au"
}

output "databases" {
  description = "One database for each workspace."
  value       = [module.us.database, module.eu.database, module.au.database]
}
